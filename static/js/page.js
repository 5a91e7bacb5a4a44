// Everything on the site works without this file; it only adds what HTML cannot say.
"use strict";

const stamp = () => new Date().toLocaleString("zh-CN", { hour12: false });

// Where there is room, what a phone gets folded stands open.
if (matchMedia("(min-width: 641px)").matches) {
  for (const fold of document.querySelectorAll("details[data-wide]")) fold.open = true;
}

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

// The link of a receipt carries the query code behind the #, which never reaches the server.
const code = document.querySelector("[data-code]");
if (code && location.hash) {
  code.value = code.value || decodeURIComponent(location.hash.slice(1));
  history.replaceState(null, "", location.pathname + location.search);
}

// Where the browser grants no clipboard (a site without TLS), the text is at least selected for the reader's own keys.
async function copy(button) {
  const text = document.querySelector(button.dataset.copy);
  text.select();
  try {
    await navigator.clipboard.writeText(text.value);
    button.textContent = "已复制";
  } catch {
    button.textContent = document.execCommand("copy") ? "已复制" : "已选中，请按 Ctrl+C";
  }
}

for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", () => copy(button));
}

// Arrow keys go from cell to cell of a table, where there are too many for the Tab key.
const STEPS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

function walk(event) {
  const cell = event.target.closest("th, td");
  const step = STEPS[event.key];
  if (!step || !cell || event.altKey || event.ctrlKey || event.metaKey) return;
  const row = event.currentTarget.rows[cell.parentNode.rowIndex + step[0]];
  const next = row && row.cells[cell.cellIndex + step[1]];
  if (!next) return;
  event.preventDefault();
  const target = next.querySelector("a") || next;
  if (target === next) next.tabIndex = -1;
  target.focus();
}

for (const table of document.querySelectorAll("[data-arrows]")) table.addEventListener("keydown", walk);

const voice = window.speechSynthesis;
// Nobody wants 64 letters and digits read out.
const DIGEST = /^[0-9a-f]{64}$/;

// Line by line: some browsers fall silent in the middle of a long text.
function read(button) {
  const speaking = button.getAttribute("aria-pressed") === "true";
  const settle = () => button.setAttribute("aria-pressed", "false");
  voice.cancel();
  button.setAttribute("aria-pressed", String(!speaking));
  if (speaking) return;
  const lines = document.querySelector(button.dataset.read).innerText.split("\n").map((line) => line.trim());
  const said = lines.filter((line) => line && !DIGEST.test(line)).map((line) => new SpeechSynthesisUtterance(line));
  for (const words of said) Object.assign(words, { lang: "zh-CN", onerror: settle });
  said[said.length - 1].onend = settle;
  for (const words of said) voice.speak(words);
}

// Only where the device has a voice for Chinese; many learn of their voices after the page has come.
function offerReading() {
  const able = voice.getVoices().some(({ lang }) => /^(zh|cmn|yue)/i.test(lang));
  for (const button of document.querySelectorAll("[data-read]")) button.hidden = !able;
}

if (voice) {
  for (const button of document.querySelectorAll("[data-read]")) button.addEventListener("click", () => read(button));
  voice.onvoiceschanged = offerReading;
  addEventListener("pagehide", () => voice.cancel());
  offerReading();
}
