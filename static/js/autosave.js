// A form that keeps itself while it is filled in. Without this file its 保存 button does the same work.
// The signed-in person, the pauses and the last moment of a page are those of unsent.js, which every such page has.
"use strict";

const QUIET = 3000;
const PATIENCE = 20000;
const OFFLINE = "没有连上网络，您填写的内容还在这个页面上，连上后会自动保存。";
const FIRST = {
  "": "填写的内容会自动保存，文件在按“保存”后上传。",
  offered: "带入的内容还没有保存，改动或按“保存”以后才保存。",
  unsaved: "填写的内容还没有保存，马上再试。",
};
const SIGNED_OUT = "已退出登录，还没有保存。您填写的内容还在这个页面上，登录后会自动保存。";
const NOT_YET = "暂时没有存上，您填写的内容还在这个页面上，会自动再试。";

function autosave(form) {
  const line = form.querySelector("[role=status]");
  const fields = form.elements;
  const files = [...form.querySelectorAll("input[type=file]")];
  // Counted, so that what is typed while a save is on its way is known to be newer than that save. What came with
  // the page and is stored nowhere counts as typed; what is only offered waits for the first change.
  const mode = form.dataset.autosave;
  let typed = mode ? 1 : 0;
  let kept = 0;
  let misses = 0;
  let timer = 0;
  let sending = null;
  let stopped = false;
  let leaving = false;
  let said = "";

  // Once: a screen reader would read every repetition.
  function say(words, ...more) {
    line.classList.remove("field__error");
    if (said !== words) line.replaceChildren(words, ...more);
    said = words;
  }

  // Signing in again, in another window, changes it: what counts is the one of this moment.
  const token = () => cookieToken() || fields.csrfmiddlewaretoken.value;

  function wait(milliseconds) {
    clearTimeout(timer);
    if (!stopped) timer = setTimeout(() => send(), milliseconds);
  }

  function again(words, ...more) {
    say(words, ...more);
    wait(LATER[Math.min(misses, LATER.length - 1)]);
    misses += 1;
  }

  function written() {
    const body = new FormData(form);
    for (const field of files) body.delete(field.name);
    body.delete("csrfmiddlewaretoken");
    return body;
  }

  function post(more) {
    const headers = { "X-Autosave": "1", "X-CSRFToken": token() };
    const sent = { method: "POST", body: written(), headers, redirect: "manual", ...more };
    return fetch(form.dataset.autosaveAddress, sent);
  }

  // Whether what is not saved yet can go out while the page is being left. Beside a save that is on its way it would
  // look like another window's, and what is only offered is nobody's words yet.
  function canGoOut() {
    if (stopped || sending || misses || (mode === "offered" && typed === 1)) return false;
    return new URLSearchParams(written()).toString().length <= MOST_AT_THE_END;
  }

  function saved({ version, saved_at: at, gaps }, count) {
    fields.version.value = version;
    kept = count;
    if (at) say(`已自动保存 ${at.slice(11, 16)}，${gaps.length ? `还差 ${gaps.length} 项` : "已填完"}`);
    if (typed > kept) wait(QUIET);
  }

  // Nothing is kept while one answer lacks something: not to be overlooked.
  function complain({ says }) {
    say(`还没有存进填报，只是暂存：${says}`);
    line.classList.add("field__error");
  }

  function stop(words) {
    stopped = true;
    say(words);
  }

  async function heard(response, count) {
    if (response.status === 401 || response.status === 403) return again(SIGNED_OUT, signInAgain());
    if (![200, 409, 422].includes(response.status)) return again(NOT_YET);
    const answer = await response.json();
    misses = 0;
    seen.now();
    if (fields.unsent_known) fields.unsent_known.value = response.headers.get("X-Unsent") || "";
    if (response.status === 200) saved(answer, count);
    else if (response.status === 409) stop(answer.message);
    else complain(answer.errors[0]);
  }

  async function attempt(count, more) {
    try {
      await heard(await post(more), count);
    } catch {
      again(OFFLINE);
    }
  }

  async function send(more = { signal: AbortSignal.timeout(PATIENCE) }) {
    if (stopped || sending || typed === kept) return;
    sending = attempt(typed, more);
    await sending;
    sending = null;
  }

  form.addEventListener("input", ({ target }) => {
    if (files.includes(target)) return;
    typed += 1;
    wait(QUIET);
  });

  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    const button = event.submitter;
    if (sending) {
      // Two saves at once would make this one look like another window's.
      event.preventDefault();
      sending.then(() => form.requestSubmit(button));
    } else if (!navigator.onLine) {
      event.preventDefault();
      say(OFFLINE);
      wait(LATER[0]);
    } else {
      fields.csrfmiddlewaretoken.value = token();
      leaving = true;
    }
  });

  addEventListener("online", () => misses && wait(0));
  addEventListener("focus", () => misses && wait(0));
  addEventListener("pageshow", () => { leaving = false; });
  addEventListener("beforeunload", (event) => {
    const chosen = files.some((field) => field.files.length);
    if (!leaving && (chosen || (typed > kept && !canGoOut()))) event.preventDefault();
  });
  addEventListener("pagehide", () => {
    if (!leaving && typed > kept && canGoOut()) send({ keepalive: true });
  });
  say(FIRST[mode]);
  if (mode === "unsaved") wait(QUIET);
}

for (const form of document.querySelectorAll("form[data-autosave]")) autosave(form);
