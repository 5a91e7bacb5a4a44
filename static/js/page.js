// Everything on the site works without this file; it only adds what HTML cannot say.
"use strict";

const stamp = () => new Date().toLocaleString("zh-CN", { hour12: false });

// Paper cannot be unfolded: everything folded is printed open, and folded again afterwards.
let opened = [];

addEventListener("beforeprint", () => {
  for (const time of document.querySelectorAll("[data-print-time]")) time.textContent = stamp();
  opened = [...document.querySelectorAll("details:not([open])")];
  for (const fold of opened) fold.open = true;
});
addEventListener("afterprint", () => {
  for (const fold of opened) fold.open = false;
});

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}

const voice = window.speechSynthesis;

function read(button) {
  const speaking = button.getAttribute("aria-pressed") === "true";
  voice.cancel();
  button.setAttribute("aria-pressed", String(!speaking));
  if (speaking) return;
  const words = new SpeechSynthesisUtterance(document.querySelector(button.dataset.read).innerText);
  words.lang = "zh-CN";
  words.onend = () => button.setAttribute("aria-pressed", "false");
  voice.speak(words);
}

for (const button of voice ? document.querySelectorAll("[data-read]") : []) {
  button.hidden = false;
  button.addEventListener("click", () => read(button));
}
