// What every page does: say when the network is gone, and show what was refused till the next try.

const offline = document.getElementById("offline");
const notice = document.getElementById("notice");

function lost() {
  if (!offline.hidden) return;
  offline.hidden = false;
  for (const one of document.querySelectorAll("button:enabled")) {
    one.disabled = true;
    one.dataset.offline = "";
  }
  const again = setInterval(async () => {
    const answer = await fetch("/api/v1/healthz", { cache: "no-store" }).catch(() => null);
    if (!answer) return;
    clearInterval(again);
    offline.hidden = true;
    for (const one of document.querySelectorAll("[data-offline]")) {
      one.disabled = false;
      delete one.dataset.offline;
    }
  }, 2000);
}

document.addEventListener("htmx:error", (event) => {
  if (event.detail.error instanceof TypeError || event.detail.ctx?.request.signal.aborted) lost();
});
document.addEventListener("htmx:after:swap", (event) => {
  if (event.detail.ctx.target?.id === "panel") document.getElementById("refused")?.focus();
});
document.addEventListener("htmx:before:request", (event) => {
  if (event.detail.ctx.request.method === "POST") notice.replaceChildren();
});
