// On paper everything is open: hidden code and solutions unfold for printing, and fold again.

const folded = [];

addEventListener("beforeprint", () => {
  for (const details of document.querySelectorAll("details:not([open])")) {
    details.open = true;
    folded.push(details);
  }
});

addEventListener("afterprint", () => {
  for (const details of folded.splice(0)) details.open = false;
});
