// The figures of the overview once more, from the published rows and by the printed formulas, in the reader's own browser.
"use strict";

const DAY = 86400000;
const known = (value) => value !== null && value !== undefined && value !== "";
const days = (row, [from, to]) => Math.max(0, Math.round((Date.parse(row[to]) - Date.parse(row[from])) / DAY));
const sum = (values) => values.reduce((total, value) => total + Number(value), 0);
const plain = (value) => (value === null ? "没有" : String(Number(value.toFixed(4))));
const has = (value, wanted) => [].concat(value).some((one) => wanted.includes(one));

// Whether a row is counted: each named column holds one of the values, two differ, one is filled in.
function counts(row, { where = {}, differs, filled = [], later, days: span, over }) {
  if (Object.entries(where).some(([column, wanted]) => !has(row[column], wanted))) return false;
  if (differs && (!differs.every((column) => known(row[column])) || row[differs[0]] === row[differs[1]])) return false;
  if (!filled.every((column) => known(row[column]))) return false;
  if (later && !(row.revision > 1)) return false;
  if (span && !span.every((column) => known(row[column]))) return false;
  return over === undefined || days(row, span) > over;
}

// A sum reaches over the quarters of the year so far, a difference over the last two, a filed number is its own.
function series(data, { indicator, series: kind, quarters }, column) {
  const rows = data.readings.filter((row) => row.indicator === indicator);
  const at = (quarter) => rows.find((row) => row.quarter === quarter);
  const last = at(quarters[quarters.length - 1]);
  const own = known(last[column]) ? last[column] : last.plan;
  if (kind === "filed") return Number(own);
  if (kind === "total") {
    const values = quarters.map(at).map((row) => (known(row[column]) ? row[column] : column === "plan_max" ? row.plan : 0));
    return sum(values.map((value) => value || 0));
  }
  const before = rows[rows.indexOf(last) - 1];
  return Number(last[column]) - Number(before ? before[column] : last.baseline);
}

const isRange = (data, { indicator, series: kind, quarters }) =>
  kind !== "step" &&
  data.readings.some((row) => row.indicator === indicator && quarters.includes(row.quarter) && known(row.plan_max));

const OPERATIONS = {
  count: (data, recipe) => plain(data.rows.filter((row) => counts(row, recipe)).length),
  longest: (data, recipe) => ordered(data, recipe, (all) => all[all.length - 1]),
  middle: (data, recipe) => ordered(data, recipe, (all) => all[(all.length - 1) >> 1]),
  actual: (data, recipe) => plain(series(data, recipe, "value")),
  plan(data, recipe) {
    const low = plain(series(data, recipe, "plan"));
    return isRange(data, recipe) ? `${low}至${plain(series(data, recipe, "plan_max"))}` : low;
  },
  gap(data, recipe) {
    const [actual, low] = [series(data, recipe, "value"), series(data, recipe, "plan")];
    if (!isRange(data, recipe) || actual < low) return plain(actual - low);
    return plain(Math.max(0, actual - series(data, recipe, "plan_max")));
  },
};

function ordered(data, recipe, pick) {
  const all = data.rows.filter((row) => counts(row, recipe)).map((row) => days(row, recipe.days));
  all.sort((one, other) => one - other);
  return all.length ? plain(pick(all)) : "没有";
}

async function recount(button) {
  const data = await (await fetch(button.dataset.recount)).json();
  const lines = [...document.querySelectorAll("#figures tbody tr")];
  let equal = 0;
  data.figures.forEach(({ recipe }, at) => {
    const again = OPERATIONS[recipe.op](data, recipe);
    const same = again === lines[at].querySelector("[data-value]").textContent.trim();
    equal += same;
    if (!same) lines[at].closest("details").open = true;
    lines[at].querySelector("[data-again]").textContent = `${again} ${same ? "相符" : "不符"}`;
  });
  const all = equal === lines.length && lines.length === data.figures.length;
  document.querySelector("#verdict").textContent = all
    ? `重算了 ${lines.length} 个数字，全部相符。`
    : `重算了 ${lines.length} 个数字，${lines.length - equal} 个不符；如果刚刚有新的公布，请刷新再算。`;
}

for (const button of document.querySelectorAll("[data-recount]")) {
  button.hidden = false;
  document.querySelector("[data-no-script]").textContent = "按下按钮，浏览器会下载这些数据，照算法逐个重算。";
  button.addEventListener("click", () => recount(button));
}
