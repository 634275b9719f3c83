/* The service worker of the walls: a screen that is switched on while the server is
   away still gets its page. Numbers are never kept here; the page keeps its last ones
   and says how old they are. BUILD and FILES are written above by the server. */
"use strict";
const CACHE = `aftersight-wall-${BUILD}`;
const PATIENCE = 4000;

self.addEventListener("install", function (event) {
  event.waitUntil(
    caches.open(CACHE).then((cache) => cache.addAll(FILES)).then(() => self.skipWaiting()),
  );
});

self.addEventListener("activate", function (event) {
  event.waitUntil((async function () {
    // The page of the release before is better than none until there is a new one.
    for (const name of await caches.keys()) {
      if (!name.startsWith("aftersight-wall-") || name === CACHE) continue;
      const [old, cache] = [await caches.open(name), await caches.open(CACHE)];
      for (const request of await old.keys()) {
        if (!new URL(request.url).pathname.startsWith("/wall/")) continue;
        if (!(await cache.match(request))) await keep(cache, request);
      }
      await caches.delete(name);
    }
    await self.clients.claim();
  })());
});

async function keep(cache, request) {
  try {
    const response = await fetch(new Request(request.url, { cache: "no-store" }));
    if (response.ok) await cache.put(bare(request.url), response);
  } catch (error) {
    /* the next visit keeps it */
  }
}

/* One page for each store, whatever its query says; the language is part of it. */
function bare(address) {
  const url = new URL(address);
  const language = url.searchParams.get("lang");
  return url.origin + url.pathname + (language ? `?lang=${language}` : "");
}

self.addEventListener("message", function (event) {
  if (!event.data || !event.data.keep) return;
  event.waitUntil(caches.open(CACHE).then((cache) => keep(cache, { url: event.data.keep })));
});

async function page(request) {
  const cache = await caches.open(CACHE);
  const control = new AbortController();
  const timer = setTimeout(() => control.abort(), PATIENCE);
  try {
    const response = await fetch(request, { signal: control.signal });
    if (response.status >= 500) throw new Error(String(response.status));
    if (response.ok) await cache.put(bare(request.url), response.clone());
    return response;
  } catch (error) {
    const kept = await cache.match(bare(request.url));
    if (kept) return kept;
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

async function file(request) {
  const kept = await caches.match(request, { ignoreVary: true });
  return kept || fetch(request);
}

self.addEventListener("fetch", function (event) {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== self.location.origin) return;
  if (event.request.mode === "navigate" && url.pathname.startsWith("/wall/")) {
    event.respondWith(page(event.request));
  } else if (url.pathname.startsWith("/assets/") && url.searchParams.has("m")) {
    event.respondWith(file(event.request));
  }
});
