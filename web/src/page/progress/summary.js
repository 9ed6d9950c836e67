// Progress against what the book holds: [{ part, chapters: [{ page, title, exercises: [ids], questions }] }].

import { rightOf } from "./state.js";

/** The same parts; each chapter also says whether it was read, and how much was solved and answered right. */
export function summarise(parts, state) {
  return parts.map(({ part, chapters }) => ({ part, chapters: chapters.map((chapter) => inChapter(chapter, state)) }));
}

function inChapter(chapter, { read, solved, quizzes }) {
  return {
    ...chapter,
    read: read[chapter.page] === true,
    solved: chapter.exercises.filter((id) => solved[id]).length,
    right: rightOf(quizzes[chapter.page]?.slice(0, chapter.questions)),
  };
}

/** Sums over all chapters, each as [done, of]. */
export function totals(parts) {
  const chapters = parts.flatMap((part) => part.chapters);
  const sum = (count) => chapters.reduce((all, chapter) => all + count(chapter), 0);
  return {
    read: [sum(({ read }) => read), chapters.length],
    solved: [sum(({ solved }) => solved), sum(({ exercises }) => exercises.length)],
    right: [sum(({ right }) => right), sum(({ questions }) => questions)],
  };
}

/** Where to go on: the place one was at, or, where that chapter is read, the next one that is not. */
export function whereNext(parts, place) {
  const chapters = parts.flatMap((part) => part.chapters);
  const at = chapters.findIndex(({ page }) => page === place?.page);
  if (at < 0) return null;
  const here = chapters[at];
  if (!here.read) return { page: here.page, title: here.title, section: place.section, heading: place.heading };
  const next = [...chapters.slice(at + 1), ...chapters.slice(0, at)].find(({ read }) => !read);
  return next ? { page: next.page, title: next.title } : null;
}
