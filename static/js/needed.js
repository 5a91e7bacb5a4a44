// The mark behind a label follows the answer beside it. Without this file the hint says when the words are needed.
"use strict";

for (const field of document.querySelectorAll("[data-needed-by]")) {
  const mark = field.closest(".field").querySelector(".field__optional");
  field.form.addEventListener("change", ({ target }) => {
    if (target.name !== field.dataset.neededBy) return;
    mark.textContent = field.dataset.neededFor.split(" ").includes(target.value) ? "必填" : "选填";
  });
}
