// What a reader has read, solved and answered, kept in this browser and shown in its pages. Nothing is sent anywhere.

import { followChapter } from "./progress/chapter.js";
import { markSidebar } from "./progress/sidebar.js";

markSidebar();
if (document.currentScript.dataset.page === "chapter") followChapter();
