// The board: filter and sort without asking, move by keyboard, tell the projector where we are.

const $ = (id) => document.getElementById(id);
const tools = $("tools");
const rows = () => [...document.querySelectorAll("#desk tr[data-id]")];
const shown = () => rows().filter((row) => !row.hidden);
let at = null; // the id of the current row: it outlives a new list
let pointed = 0;
let acted = false; // a new list that we asked for ourselves follows the current row

// --- filter and sort ---

const orders = {
  priority: null, // as the server has it
  amount: (a, b) => b.dataset.amount - a.dataset.amount,
  place: (a, b) => a.dataset.place.localeCompare(b.dataset.place),
  id: (a, b) => a.dataset.id.localeCompare(b.dataset.id, undefined, { numeric: true }),
};

function filter() {
  const { q, district, mark } = tools.elements;
  const wanted = q.value.trim().toLowerCase();
  let count = 0;
  for (const row of rows()) {
    const fits =
      (!district.value || row.dataset.district === district.value) &&
      (!mark.value || row.dataset.marks.split(" ").includes(mark.value)) &&
      (!wanted || `${row.dataset.id} ${row.dataset.place} ${row.querySelector(".what").textContent}`.toLowerCase().includes(wanted));
    row.hidden = !fits;
    count += fits;
  }
  const output = $("count");
  output.textContent = output.dataset.text.replace("{shown}", count).replace("{all}", rows().length);
}

function sort(fresh) {
  for (const body of [$("above"), $("below")].filter(Boolean)) {
    const own = [...body.rows];
    own.forEach((row, place) => (row.place = fresh ? place : row.place));
    const order = orders[tools.elements.sort.value] ?? ((a, b) => a.place - b.place);
    body.append(...own.sort(order));
  }
}

// --- the current row ---

function go(row, focus = true, follow = focus) {
  if (!row) return;
  for (const old of document.querySelectorAll("tr.at")) {
    old.classList.remove("at");
    old.querySelector(".id a").tabIndex = -1;
  }
  at = row.dataset.id;
  row.classList.add("at");
  const link = row.querySelector(".id a");
  link.tabIndex = 0;
  if (focus) link.focus();
  if (follow) row.scrollIntoView({ block: "nearest" });
}

const current = () => rows().find((row) => row.dataset.id === at);

function step(by) {
  const list = shown();
  const place = list.indexOf(current());
  const row = list[place < 0 ? 0 : Math.min(Math.max(place + by, 0), list.length - 1)];
  go(row);
  clearTimeout(pointed);
  if (!row || !tools.dataset.point) return;
  const url = `${row.querySelector(".id a").getAttribute("href")}/point`;
  pointed = setTimeout(() => fetch(url, { method: "POST" }).catch(() => {}), 500);
}

function close() {
  $("panel").replaceChildren();
  document.body.classList.remove("beside");
  go(current());
}

// --- keys ---

let wanted = null; // what to focus once the panel is there

function open(field) {
  wanted = field;
  if ($("panel").querySelector(".card")?.dataset.id === at) settle();
  else current()?.querySelector(".id a").click();
}

function settle() {
  const card = $("panel").querySelector(".card");
  document.body.classList.toggle("beside", Boolean(card));
  if (!card) return;
  const target = (wanted && card.querySelector(wanted)) ?? card.querySelector("#card-title");
  wanted = null;
  target.focus();
}

function accommodate() {
  const row = current();
  if (!row || !$("offline").hidden) return;
  const quick = $("quick");
  quick.elements.proposal.value = row.dataset.id;
  quick.elements.rev.value = row.dataset.rev;
  quick.requestSubmit();
}

const keys = {
  j: () => step(1), arrowdown: () => step(1), k: () => step(-1), arrowup: () => step(-1),
  w: () => open(), d: accommodate, s: () => open("#volume, #option, #note"),
  t: () => open("#reason"), x: () => open("#reason"), l: () => current()?.querySelector("button.pin")?.click(),
  r: () => $("solve")?.click(), z: () => $("undo")?.click(), g: () => $("open-agreement").click(),
  "/": () => tools.elements.q.focus(), "?": () => $("keys").showModal(), escape: close,
};
const OFF = "kayuh:keys-off";

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, select, textarea, dialog");
  if (event.key === "Escape" && typing && !typing.matches("dialog")) return typing.blur();
  if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (localStorage.getItem(OFF) && event.key.length === 1) return;
  const act = keys[event.key.toLowerCase()];
  if (!act) return;
  event.preventDefault();
  act();
});

$("help").addEventListener("click", () => $("keys").showModal());
$("keys-off").checked = Boolean(localStorage.getItem(OFF));
$("keys-off").addEventListener("change", (event) =>
  event.target.checked ? localStorage.setItem(OFF, "1") : localStorage.removeItem(OFF));
$("panel").addEventListener("click", (event) => event.target.closest("[data-close]") && close());
document.addEventListener("click", ({ target }) => {
  const row = target.closest("#desk tr[data-id]");
  if (row) go(row, false);
  if (row && !target.closest("button, a")) row.querySelector(".id a").click();
});

function renew() {
  sort(true);
  filter();
  go(current() ?? shown()[0], false, acted);
  acted = false;
}

document.addEventListener("htmx:before:request", (event) => (acted ||= event.detail.ctx.request.method === "POST"));
// A panel that was closed or given to another row stays so, unless what was sent from it is refused.
document.addEventListener("htmx:before:swap", (event) => {
  const { target, sourceElement, response } = event.detail.ctx;
  if (target?.id === "panel" && !sourceElement.isConnected && response.status < 400) event.preventDefault();
});
document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
  if (ctx.target?.id === "panel") settle();
  if (ctx.target?.id !== "desk") return;
  renew();
  const moves = $("moves")?.textContent.replace(/\s+/g, " ").trim() ?? "";
  if ($("live").textContent !== moves) $("live").textContent = moves;
});
tools.addEventListener("input", () => { sort(); filter(); });
tools.addEventListener("submit", (event) => event.preventDefault());
for (const [name, value] of new URLSearchParams(location.search)) if (tools.elements[name]) tools.elements[name].value = value;
renew();
