// Quiz: choose, check, read why each answer is right or wrong, try again.
// On a published page the reader's progress reads each question's `data-result`, and needs nothing else of the quiz.

import { button, h, uniqueId } from "../../controls.js";
import { defineWidget, setTraits } from "../../host/define.js";
import { richText } from "./text.js";

export default defineWidget("quiz", ({ model, root }) => {
  const questions = model.get("questions");
  const results = questions.map(() => null); // null: open, else true or false
  const score = h("p", { className: "sbw-score", role: "status" });
  const cards = questions.map((question, i) =>
    createQuestion(question, { number: i + 1, count: questions.length }, (result) => {
      results[i] = result;
      report();
    }),
  );
  const restart = button({ label: "Start again", onClick: () => cards.forEach((card) => card.reset()) });

  root.append(...cards.map((card) => card.element), h("div", { className: "sbw-bar sbw-result" }, score, restart.element));
  report();

  function report() {
    const answered = results.filter((result) => result !== null).length;
    const right = results.filter(Boolean).length;
    score.textContent = answered === 0 ? `${questions.length} questions` : `${right} right of ${answered} answered, ${questions.length} in all`;
    restart.element.hidden = answered === 0;
    setTraits(model, { answered, score: right });
  }
});

function createQuestion({ question, code, options }, { number, count }, onResult) {
  const several = options.filter(({ right }) => right).length > 1;
  const name = uniqueId("question");
  const rows = options.map((option) => createOption(option, { name, type: several ? "checkbox" : "radio" }));
  const verdict = h("p", { className: "sbw-verdict", role: "status" });
  const check = button({ label: "Check", primary: true, onClick: () => (checked ? reset() : judge()) });
  let checked = false;

  const legend = h("legend", {}, h("span", { className: "sbw-number", textContent: `Question ${number} of ${count}` }), ...richText(question));
  const element = h(
    "fieldset",
    { className: "sbw-question" },
    legend,
    ...(code ? [h("pre", { tabIndex: 0, role: "group", "aria-label": "Code" }, h("code", { textContent: code }))] : []),
    ...(several ? [h("p", { className: "sbw-hint", textContent: "Several answers are right." })] : []),
    ...rows.map((row) => row.element),
    h("div", { className: "sbw-bar sbw-check" }, check.element, verdict),
  );

  function judge() {
    if (!rows.some((row) => row.input.checked)) {
      verdict.textContent = "Choose an answer first.";
      return;
    }
    checked = true;
    const right = rows.every((row) => row.input.checked === row.right);
    rows.forEach((row) => row.explain());
    verdict.textContent = right ? "Right." : "Not quite. Read why below each answer.";
    element.dataset.result = right ? "right" : "wrong";
    check.set({ label: "Try again" });
    onResult(right);
  }

  function reset() {
    checked = false;
    rows.forEach((row) => row.reset());
    verdict.textContent = "";
    delete element.dataset.result;
    check.set({ label: "Check" });
    onResult(null);
  }

  return { element, reset };
}

function createOption({ text, right, why }, { name, type }) {
  const id = uniqueId("option");
  const input = h("input", { type, name, id, "data-lm-suppress-shortcuts": "true" });
  const mark = h("strong", { textContent: right ? "Right: " : "Wrong: " });
  const reason = h("p", { className: "sbw-why", id: `${id}-why`, hidden: true }, mark, ...richText(why));
  const element = h("div", { className: "sbw-option" }, input, h("label", { for: id }, ...richText(text)), reason);
  return {
    element,
    input,
    right,
    explain() {
      reason.hidden = false;
      input.disabled = true;
      input.setAttribute("aria-describedby", reason.id);
      element.dataset.right = right;
    },
    reset() {
      reason.hidden = true;
      input.disabled = false;
      input.checked = false;
      input.removeAttribute("aria-describedby");
      delete element.dataset.right;
    },
  };
}
