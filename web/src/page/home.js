// Progress on the home page.

import { showProgress } from "./progress/overview.js";
import { markSidebar } from "./progress/sidebar.js";

const { cards, parts } = globalThis.SPEECHBOOK_CHAPTERS;

markSidebar();
showProgress(document.querySelector("article.bd-article > section"), { cards, parts });
