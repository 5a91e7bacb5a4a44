// Keeps what is typed into a staff form until it is sent, brings it back, and warns before a session ends.
// Without this file a form that was refused, or sent while signed out, is kept all the same.
"use strict";

const frame = document.currentScript.dataset;
// When the session ends however busy it is; whoever signs in again in another window moves it.
const wholeEnd = Date.now() + frame.left * 1000;
const SOON = 2000;
const LONGEST = 20000;
const LATER = [5000, 10000, 20000, 40000, 60000];
const BEFORE_END = 120000;
// The most a browser sends for a page that is being left.
const MOST_AT_THE_END = 60000;
const MARKS = ["csrfmiddlewaretoken", "unsent_form", "unsent_known", "left_out"];
const NO_ANSWER = ["file", "submit", "button", "fieldset"];
const NO_TEXT = [...NO_ANSWER, "hidden", "checkbox", "radio", "select-one", "select-multiple"];
const ALL_KEPT = "您填写的已经暂存。";
const STILL_HERE = "您填写的还在这个页面上。";

const cookieToken = () => (document.cookie.match(/(?:^|; )(?:__Host-)?csrftoken=([^;]+)/) || [])[1];
const words = (tag, text, more = {}) => Object.assign(document.createElement(tag), { textContent: text }, more);
const hasText = (form) => [...form.elements].some((field) => field.name && !NO_TEXT.includes(field.type));
const isSecret = (form) => form.querySelector("input[type=password]");
const pathOf = (address) => (({ pathname, search }) => pathname + search)(new URL(address, location));
const typedIn = (form) =>
  [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !MARKS.includes(name));

// The moment of the last answer, shared by all windows of the person.
const seen = {
  at: Date.now(),
  now() {
    this.at = Date.now();
    try {
      localStorage.setItem("seen", this.at);
      localStorage.setItem("ends", Math.max(wholeEnd, this.ends()));
    } catch {
      // Without a store each window counts for itself.
    }
    watch();
  },
  ends() {
    try {
      return Math.max(wholeEnd, Number(localStorage.getItem("ends")));
    } catch {
      return wholeEnd;
    }
  },
  last() {
    try {
      return Math.max(this.at, Number(localStorage.getItem("seen")));
    } catch {
      return this.at;
    }
  },
};

function post(address, fields, more = {}) {
  const headers = { "X-Autosave": "1", "X-CSRFToken": cookieToken() };
  const sent = { method: "POST", body: new URLSearchParams(fields), headers, redirect: "manual", ...more };
  return fetch(address, sent);
}

const signInAgain = () => words("a", "在新窗口登录", { href: frame.signIn, target: "_blank" });

// Why a file cannot be taken, as far as its name and size say; the server looks into it as well.
function refusal({ name, size }, { endings, saveAs, most, wanted }) {
  const ending = (name.match(/\.[^.]*$/) || [""])[0].toLowerCase();
  const other = JSON.parse(saveAs)[ending];
  if (other) return `“${name}”请另存为 ${other} 再上传，${ending.slice(1)} 格式不收。`;
  if (!endings.split(" ").includes(ending)) return `“${name}”不是可以接收的类型。${wanted}`;
  return size > Number(most) ? `“${name}”太大。${wanted}` : "";
}

// A bad file is left out of the choice at once, so that it takes neither words nor good files down with it.
function sortOut(field) {
  const limits = field.dataset;
  const good = new DataTransfer();
  const refused = [];
  for (const file of field.files) {
    const reason = refusal(file, limits);
    if (reason) refused.push(reason);
    else if (good.items.length < Number(limits.atOnce)) good.items.add(file);
    else refused.push(`“${file.name}”请再传一次，一次最多选 ${limits.atOnce} 个文件。`);
  }
  const line = field.parentElement.querySelector("[data-refused]") || words("p", "", { className: "field__error" });
  line.dataset.refused = "";
  line.setAttribute("role", "alert");
  line.textContent = refused.length ? `没有选上：${refused.join("")}` : "";
  field.before(line);
  // Sent along, so that the answer can say what did not come.
  for (const known of field.form.querySelectorAll("[name=left_out]")) known.remove();
  for (const value of refused) field.form.append(words("input", "", { type: "hidden", name: "left_out", value }));
  if (refused.length) field.files = good.files;
}

for (const field of document.querySelectorAll("input[type=file][data-endings]")) {
  field.addEventListener("change", () => sortOut(field));
}

const keepers = [];

class Keeper {
  constructor(form, key, known) {
    Object.assign(this, { form, key, typed: 0, kept: 0, misses: 0, timer: 0, sending: null, stopped: false });
    this.mark("unsent_form", key);
    this.known = this.mark("unsent_known", known);
    this.first = JSON.stringify(typedIn(form));
    this.files = [...form.querySelectorAll("input[type=file]")];
    form.addEventListener("submit", (event) => this.submit(event));
    // The report's own form saves itself; only what cannot be saved there is kept here, by the server.
    this.idle = "autosave" in form.dataset || isSecret(form) || !hasText(form);
    if (this.idle) return;
    this.line = words("p", "", { className: "small soft" });
    this.line.setAttribute("role", "status");
    form.append(this.line);
    form.addEventListener("input", ({ target }) => this.files.includes(target) || this.change());
  }

  mark(name, value) {
    const field = words("input", "", { type: "hidden", name, value });
    this.form.append(field);
    return field;
  }

  say(text, ...more) {
    if (this.line.textContent !== text) this.line.replaceChildren(text, ...more);
  }

  change() {
    this.typed += 1;
    this.wait(SOON);
  }

  wait(milliseconds) {
    clearTimeout(this.timer);
    if (!this.stopped) this.timer = setTimeout(() => this.send(), milliseconds);
  }

  fields() {
    const typed = JSON.stringify(typedIn(this.form));
    // Put back as it was, there is nothing to be kept.
    return { address: this.key, known: this.known.value, typed: typed === this.first ? "[]" : typed };
  }

  async attempt(count) {
    try {
      await this.heard(await post(frame.keep, this.fields(), { signal: AbortSignal.timeout(LONGEST) }), count);
    } catch {
      this.again(`没有连上网络，还没有暂存。${STILL_HERE}`);
    }
  }

  async heard(response, count) {
    if (response.status === 401 || response.status === 403) {
      return this.again(`已退出登录，还没有暂存。${STILL_HERE}`, signInAgain());
    }
    if (![200, 409, 422].includes(response.status)) return this.again(`还没有暂存，会自动再试。${STILL_HERE}`);
    seen.now();
    const answer = await response.json();
    if (response.status !== 200) {
      this.stopped = true;
      return this.say(answer.message);
    }
    this.misses = 0;
    this.kept = count;
    this.known.value = answer.version;
    this.say(answer.saved_at ? `已暂存 ${answer.saved_at.slice(11, 16)}，还没有提交。` : "");
    if (this.typed > this.kept) this.wait(SOON);
  }

  again(text, ...more) {
    this.say(text, ...more);
    this.wait(LATER[Math.min(this.misses, LATER.length - 1)]);
    this.misses += 1;
  }

  async send() {
    if (this.stopped || this.sending || this.typed === this.kept) return;
    this.sending = this.attempt(this.typed);
    await this.sending;
    this.sending = null;
  }

  submit(event) {
    if (event.defaultPrevented) return;
    clearTimeout(this.timer);
    if (this.sending) {
      // Kept and sent at once, the words would come back as not sent.
      event.preventDefault();
      this.sending.then(() => this.form.requestSubmit(event.submitter));
      return;
    }
    const field = this.form.elements.csrfmiddlewaretoken;
    // Signing in again, in another window, changes it.
    if (field && cookieToken()) field.value = cookieToken();
    leaving = true;
  }

  get isLost() {
    const chosen = this.files.some((field) => field.files.length);
    if (this.idle) return false;
    const body = this.typed > this.kept ? new URLSearchParams(this.fields()).toString() : "";
    return chosen || (body && (this.stopped || this.misses || body.length > MOST_AT_THE_END));
  }

  leave() {
    if (this.idle || this.stopped || this.typed === this.kept) return;
    post(frame.keep, this.fields(), { keepalive: true }).catch(() => {});
  }
}

let leaving = false;
addEventListener("pageshow", () => { leaving = false; });
addEventListener("pagehide", () => leaving || keepers.forEach((keeper) => keeper.leave()));
addEventListener("beforeunload", (event) => {
  if (!leaving && keepers.some((keeper) => keeper.isLost)) event.preventDefault();
});
for (const moment of ["online", "focus"]) {
  addEventListener(moment, () => keepers.forEach((keeper) => keeper.misses && keeper.wait(0)));
}

// What only the page itself knows stays as the page gives it; what it once showed comes back with the words.
const isBroughtBack = ({ name, type }) =>
  name && !MARKS.includes(name) && !NO_ANSWER.includes(type) &&
  (type !== "hidden" || name === "version" || name.startsWith("initial-"));

function fill(field, given) {
  if (field.type === "checkbox" || field.type === "radio") {
    const was = field.checked;
    field.checked = given.includes(field.value);
    return was !== field.checked;
  }
  if (!given.length) return false;
  const was = field.value;
  const options = field.multiple && field.options;
  if (options) for (const option of options) option.selected = given.includes(option.value);
  else field.value = given.shift();
  return was !== field.value;
}

function bringBack(form, typed) {
  const given = new Map();
  for (const [name, value] of typed) given.set(name, [...(given.get(name) || []), value]);
  for (const field of [...form.elements].filter(isBroughtBack)) {
    if (!fill(field, given.get(field.name) || []) || field.type === "hidden") continue;
    for (let fold = field.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

function restored(form) {
  const buttons = [...form.querySelectorAll("[formaction]")].map((button) => pathOf(button.getAttribute("formaction")));
  const own = form.getAttribute("action");
  const keys = [own ? pathOf(own) : frame.page, ...buttons];
  // The page that answers a form shows in it what was sent.
  if (keys.includes(frame.answered)) return { key: frame.answered, known: frame.version };
  const box = keys.map((key) => document.querySelector(`[data-unsent="${CSS.escape(key)}"]`)).find(Boolean);
  return box ? { box, key: box.dataset.unsent, known: box.dataset.version } : { key: keys[0], known: "" };
}

function begin(form) {
  const { box, key, known } = restored(form);
  const keeper = new Keeper(form, key, known);
  keepers.push(keeper);
  if (!box) return;
  bringBack(form, typedIn(box.querySelector("[data-typed]")));
  const files = keeper.files.length ? "文件要再选一次。" : "";
  form.id = form.id || `form-${keepers.length}`;
  const there = words("a", "到填写处", { href: `#${form.id}` });
  box.querySelector("[data-said]").replaceChildren(`已恢复 ${box.dataset.savedAt} 没有提交的内容。${files} `, there);
  box.querySelector("[data-kept]").remove();
  if ("autosave" in form.dataset) form.dispatchEvent(new Event("input"));
}

const forms = [...document.querySelectorAll("main form[method=post]")];
forms.filter((form) => !form.closest("[data-unsent]")).forEach(begin);

// Nobody is signed out by surprise: two minutes before, and afterwards, the page says so.
const ending = words("div", "", { className: "ending no-print", hidden: true });
ending.setAttribute("role", "alert");
document.body.append(ending);
let watching = 0;

function announce(text, ...more) {
  if (ending.hidden || ending.dataset.said !== text) ending.replaceChildren(words("p", text), ...more);
  ending.dataset.said = text;
  ending.hidden = false;
}

const goOnButton = () => words("button", "继续使用", { type: "button", className: "button", onclick: goOn });

async function goOn() {
  const response = await post(frame.goOn, {}).catch(() => ({}));
  if (response.status === 200) seen.now();
  else announce("没有连上，请再试一次。", goOnButton());
}

function watch() {
  clearTimeout(watching);
  const idle = seen.last() + frame.seconds * 1000 - Date.now();
  const whole = seen.ends() - Date.now();
  const left = Math.min(idle, whole);
  const written = keepers.filter((keeper) => keeper.typed);
  const kept = written.every((keeper) => keeper.typed === keeper.kept) ? ALL_KEPT : STILL_HERE;
  if (left > BEFORE_END) ending.hidden = true;
  else if (left > 0 && whole <= idle) {
    announce(`这次登录快满 ${frame.hours} 小时，再过 2 分钟会自动退出登录。${written.length ? kept : ""}`);
  } else if (left > 0) {
    announce("您有一会儿没有操作，再过 2 分钟会自动退出登录。", goOnButton());
  } else return announce(`已自动退出登录。${written.length ? kept : ""}`, signInAgain());
  watching = setTimeout(watch, left > BEFORE_END ? left - BEFORE_END : left);
}

seen.now();
addEventListener("storage", watch);
document.addEventListener("visibilitychange", watch);
