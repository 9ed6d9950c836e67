// What the pages of questions and of flash cards do.

import { addCards } from "./cards.js";
import { addFilter } from "./filter.js";

const entries = document.querySelectorAll(".sb-entry");
const cards = document.getElementById("the-cards");

if (entries.length) addFilter(entries);
if (cards) addCards(cards);
