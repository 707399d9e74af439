/* Keeps the page of something under way up to date. Only what changed is put in place, so that whoever reads or
   listens stays where they are; once it is over the page is loaded anew. Without JavaScript the page renews itself. */
const EVERY = 2000;

async function look() {
  try {
    const answer = await fetch(location.href);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (!page.getElementById("doing")) {
      location.reload();
      return;
    }
    for (const name of ["#doing", "progress"]) {
      document.querySelector(name).replaceWith(page.querySelector(name));
    }
  } catch {
    // The network may be back at the next look.
  }
  setTimeout(look, EVERY);
}

setTimeout(look, EVERY);
