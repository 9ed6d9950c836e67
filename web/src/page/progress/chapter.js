// In a chapter: tick exercises, take down what the quiz says, notice the end, and keep the place.

import { h } from "../../controls.js";
import { here } from "./pages.js";
import { answerQuestion, markRead, moveTo, rightOf, tick } from "./state.js";
import { change, current, follow, isKept } from "./store.js";

const DWELL = 1000; // milliseconds that the end must be in view to count: not when one flies past it
const EXERCISE = "exercise-"; // how the ids of cells with an exercise begin

export function followChapter() {
  const article = document.querySelector("article.bd-article");
  const exercises = [...article.querySelectorAll(`.cell[id^=${EXERCISE}]`)].map(addTick);
  followQuiz(article);
  addEnd(article, exercises);
  keepPlace(article);
}

/** Change the state at the reader's wish; where it cannot be kept, say so beside what was used, once. */
function record(how, beside) {
  change(how);
  if (isKept() || document.querySelector(".sb-unkept")) return;
  beside.after(h("p", { className: "sb-unkept", role: "alert", textContent: "This browser keeps nothing here, so your progress ends with this page." }));
}

function addTick(cell, index) {
  const exercise = cell.id.slice(EXERCISE.length);
  const box = h("input", { type: "checkbox" });
  const label = h("label", { className: "sb-solved" }, box, `I have solved exercise ${index + 1}`);
  box.addEventListener("change", () => record((state) => tick(state, exercise, box.checked), label));
  cell.append(label);
  follow(({ solved }) => (box.checked = solved[exercise] === true));
  return exercise;
}

/** The quiz says of each question in `data-result` how it was answered; a page with no kernel behind it has that as well. */
function followQuiz(article) {
  new MutationObserver((changes) => {
    for (const { target: question } of changes) {
      const { result } = question.dataset;
      const quiz = question.closest(".sbw-quiz");
      if (!result || !quiz) continue;
      const questions = [...quiz.querySelectorAll(".sbw-question")];
      const answer = { index: questions.indexOf(question), count: questions.length, right: result === "right" };
      record((state) => answerQuestion(state, here, answer), quiz);
    }
  }).observe(article, { subtree: true, attributeFilter: ["data-result"] });
}

function addEnd(article, exercises) {
  const sum = h("p", { role: "status" });
  const button = h("button", { type: "button", className: "sb-button" });
  const home = document.querySelector(".bd-sidenav__home-link a");
  const all = home && h("a", { href: `${home.href.split("#")[0]}#your-progress`, textContent: "All of your progress" });
  const end = h("section", { className: "sb-end", "aria-label": "Your progress in this chapter" }, sum, h("p", { className: "sb-buttons" }, button, all ?? ""));
  const set = (isRead) => record((state) => markRead(state, here, isRead), end);
  button.addEventListener("click", () => set(!current().read[here]));
  article.append(end);

  follow(({ read, solved, quizzes }) => {
    const parts = [read[here] ? "You have read this chapter." : "You have not read this chapter yet."];
    if (exercises.length) parts.push(`Exercises solved: ${exercises.filter((id) => solved[id]).length} of ${exercises.length}.`);
    if (quizzes[here]) parts.push(`Quiz: ${rightOf(quizzes[here])} of ${quizzes[here].length} right.`);
    const text = parts.join(" ");
    if (sum.textContent !== text) sum.textContent = text;
    button.textContent = read[here] ? "Mark as unread" : "Mark as read";
  });

  let timer;
  new IntersectionObserver((entries) => {
    clearTimeout(timer);
    if (entries.at(-1).isIntersecting) timer = setTimeout(() => here in current().read || set(true), DWELL);
  }).observe(end);
}

/** The section that crosses a line in the upper part of the window is where the reader is. */
function keepPlace(article) {
  const observer = new IntersectionObserver(
    (entries) => {
      const section = entries.findLast(({ isIntersecting }) => isIntersecting)?.target;
      const heading = section && headingOf(section);
      if (!heading || current().place?.section === section.id && current().place.page === here) return;
      change((state) => moveTo(state, { page: here, section: section.id, heading, at: Date.now() }));
    },
    { rootMargin: "-30% 0px -70% 0px" },
  );
  for (const section of article.querySelectorAll("section > section[id]:has(> h2)")) observer.observe(section);
}

function headingOf(section) {
  const parts = [...section.querySelector("h2").childNodes].filter((node) => !node.matches?.(".headerlink"));
  return parts.map((node) => node.textContent).join("").slice(0, 200);
}
