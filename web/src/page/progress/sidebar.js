// A small mark beside every chapter that was read, in the list of chapters.

import { h } from "../../controls.js";
import { pageOf } from "./pages.js";
import { follow } from "./store.js";

export function markSidebar() {
  const links = document.querySelectorAll("nav.bd-links .bd-sidenav a");
  follow(({ read }) => {
    for (const link of links) {
      const mark = link.querySelector(".sb-read");
      const isRead = read[pageOf(link)] === true;
      if (isRead && !mark) link.append(h("span", { className: "sb-read", textContent: "(read)" }));
      else if (!isRead) mark?.remove();
    }
  });
}
