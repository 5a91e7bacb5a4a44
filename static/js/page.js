// Everything on the site works without this file; it only adds what HTML cannot say.
"use strict";

const stamp = () => new Date().toLocaleString("zh-CN", { hour12: false });

addEventListener("beforeprint", () => {
  for (const time of document.querySelectorAll("[data-print-time]")) time.textContent = stamp();
});

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
