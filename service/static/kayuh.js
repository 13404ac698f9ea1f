// What every page does: say when the network is gone, and move to what was refused.

const offline = document.getElementById("offline");

function lost() {
  if (!offline.hidden) return;
  offline.hidden = false;
  for (const one of document.querySelectorAll("button:enabled")) {
    one.disabled = true;
    one.dataset.offline = "";
  }
  const again = setInterval(async () => {
    try {
      await fetch("/api/v1/healthz", { cache: "no-store" });
    } catch {
      return;
    }
    clearInterval(again);
    offline.hidden = true;
    for (const one of document.querySelectorAll("[data-offline]")) {
      one.disabled = false;
      delete one.dataset.offline;
    }
    document.dispatchEvent(new CustomEvent("kayuh:online"));
  }, 2000);
}

document.addEventListener("htmx:error", (event) => {
  if (event.detail.error instanceof TypeError || event.detail.ctx?.request.signal.aborted) lost();
});
document.addEventListener("htmx:after:swap", () => {
  const notice = document.getElementById("notice");
  if (notice.childElementCount && !notice.contains(document.activeElement)) notice.scrollIntoView({ block: "nearest" });
});
