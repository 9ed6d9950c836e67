// Names of pages, such as "book/maths/cross_entropy", and their addresses.

const root = new URL(document.documentElement.dataset.content_root ?? "./", location.href);

/* global DOCUMENTATION_OPTIONS -- Sphinx declares it in every page */
export const here = DOCUMENTATION_OPTIONS.pagename;

export function addressOf(page, section) {
  const address = new URL(`${page}.html`, root);
  if (section) address.hash = section;
  return address.href;
}

export function pageOf(link) {
  if (link.getAttribute("href") === "#") return here;
  const { pathname } = new URL(link.href, location.href);
  return decodeURIComponent(pathname.slice(root.pathname.length)).replace(/\.html$/, "");
}
