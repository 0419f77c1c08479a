/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
// The page in a real browser: what people see, and what hostile senders cannot do.
import assert from "node:assert/strict";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { startInspector } from "./start.ts";
import * as tools from "../../tools/tools.ts";
import {
  accessibility,
  type Browser,
  clicks,
  type Page,
  sees,
  seesNot,
  startBrowser,
  watched,
} from "./browser.ts";
import { event, group, KEY, send } from "./send.ts";

Deno.test("the inspector's page", async (t) => {
  await using browser = await startBrowser();
  const step = (name: string, test: (open: Open) => Promise<void>) =>
    t.step(name, async () => {
      await using inspector = await startInspector();
      const pages: Page[] = [];
      const wrong: string[] = [];
      await test({
        inspector,
        wrong,
        async page(query = "", viewport = DESKTOP) {
          const page = await browser.newPage();
          pages.push(page);
          watched(page, inspector.url, wrong);
          await page.setViewport(viewport);
          await page.goto(`${inspector.url}/${query}`);
          await sees(page, "#live", "Live");
          return page;
        },
      });
      assert.deepEqual(wrong, []);
      for (const page of pages) await page.close();
    });

  await step(
    "an edge function's events appear as they come, and it survives faults",
    async ({ inspector, page }) => {
      const shown = await page();
      await sees(shown, "#host", `POSTHOG_API_HOST=${inspector.url}`);
      await using edge = await startFunction(inspector.url);
      await edge.call({ what: "Org Created", organization: "org_1", plan: "team" });
      await sees(shown, "[role=option]", "Org Created");
      await edge.call({ what: "plan", organization: "org_1", plan: "solo" });
      await sees(shown, "[role=option] .groups", "Acme");
      await clicks(shown, "#faults-button", "Make it fail");
      await shown.select("#fault-times", "1");
      await clicks(shown, "#faults button", "Service unavailable");
      await sees(shown, "#fault-bar", "503, the next request");
      await edge.call({ what: "Plan Changed", organization: "org_1", plan: "team" });
      await sees(shown, "[role=option]", "2 tries");
      await seesNot(shown, "#fault-bar", "503");
      await clicks(shown, "#faults-button", "Make it fail");
      await shown.select("#fault-times", "");
      await clicks(shown, "#faults button", "never answers");
      await sees(shown, "#fault-bar", "fails on purpose");
      const hanging = edge.call({ what: "Hanging", organization: "org_1" });
      await sees(shown, "[role=option]", "Waiting");
      await clicks(shown, "#fault-stop", "Stop");
      await hanging;
      await seesNot(shown, "[role=option]", "Waiting");
      await edge.call({ what: "throw", organization: "org_1" });
      await clicks(shown, "nav a", "Exceptions");
      await clicks(shown, "[role=option]", "TypeError: the checkout broke");
      await sees(shown, ".exceptions", "caused by");
      await sees(shown, ".exceptions .frames li", "function.ts");
      await sees(shown, ".exceptions .tag", "handled");
    },
  );

  await step("each fault does what its button says", async ({ inspector, page }) => {
    const shown = await page();
    const says = async (means: string) => {
      await clicks(shown, "#faults-button", "Make it fail");
      await shown.select("#fault-times", "1");
      await clicks(shown, "#faults button", means);
      await sees(shown, "#fault-bar", "fails on purpose");
      const signal = AbortSignal.timeout(700);
      const body = JSON.stringify({ api_key: KEY, batch: [event(means, "org_1")] });
      const answered = fetch(`${inspector.url}/batch/`, { method: "POST", body, signal })
        .then(async (response) => (await response.text(), response.status))
        .catch(({ name }) => name);
      const given = await answered;
      await seesNot(shown, "#fault-bar", "fails on purpose");
      return given;
    };
    assert.equal(await says("never answers"), "TimeoutError");
    assert.equal(await says("byte now and then"), "TimeoutError");
    assert.equal(await says("Breaks the connection"), "TypeError");
    assert.equal(await says("Service unavailable"), 503);
    assert.equal(await says("Too many requests"), 429);
    assert.equal(await says("smaller batches"), 413);
    assert.equal(await says("come twice"), 503);
    assert.deepEqual(inspector.project().events.map(({ event }) => event), ["come twice"]);
  });

  await step(
    "searches, filters, keeps its view in the URL, and is used by keys",
    async ({ inspector, page }) => {
      const host = inspector.url;
      await send(
        host,
        Array.from(
          { length: 300 },
          (_, at) => event(at % 3 === 0 ? "Org Created" : "App Opened", `org_${at % 5}`, { at }),
        ),
      );
      await send(
        host,
        event("Refused Org", "org_1", { $process_person_profile: false, note: "findable needle" }),
      );
      const shown = await page();
      await sees(shown, "#count", "301 events");
      await shown.keyboard.press("/");
      await shown.keyboard.type('event:"Org Created" organization:org_1');
      await sees(shown, "#count", "20 of 301 events");
      assert.match(shown.url(), /\?q=event%3A/);
      await shown.reload();
      await sees(shown, "#count", "20 of 301 events");
      await send(host, [event("Org Created", "org_1"), event("App Opened", "org_1")]);
      await sees(shown, "#count", "21 of 303 events");
      const query = async (text: string, count: string) => {
        await shown.evaluate((text) => {
          const input = document.querySelector<HTMLInputElement>("#search")!;
          input.value = text;
          input.dispatchEvent(new Event("input"));
        }, text);
        await sees(shown, "#count", count);
      };
      await query("NEEDLE", "1 of 303");
      await query('-event:"App Opened"', "102 of 303");
      await query("is:problem", "1 of 303");
      await query("is:personless", "1 of 303");
      await query("no such thing", "0 of 303");
      await query("", "303 events");
      await sees(shown, "[role=option]", "Refused Org");
      await shown.focus(".list");
      for (const key of ["ArrowDown", "ArrowDown", "ArrowDown", "Enter"]) await shown.keyboard.press(key);
      await sees(shown, "#detail h2", "Refused Org");
      assert.match(shown.url(), /event=301/);
      await shown.keyboard.press("j");
      await sees(shown, "#detail h2", "App Opened");
      await shown.keyboard.press("Escape");
      await seesNot(shown, "#detail", "App Opened");
      // The keys are the list's again.
      await shown.waitForFunction(() => document.activeElement?.matches(".list"));
      await shown.keyboard.press("End");
      await shown.waitForFunction(() =>
        document.querySelector(".list")!.getAttribute("aria-activedescendant") === "row-1"
      );
    },
  );

  await step("profiles with their history, and what PostHog changes", async ({ inspector, page }) => {
    const host = inspector.url;
    await send(host, [
      group("org_1", { name: "Acme", plan: "solo" }, "2026-01-01T00:00:00Z"),
      group("org_1", { plan: "team" }, "2026-03-01T00:00:00Z"),
      event("Org Created", "org_1", { $set: { seats: 3 } }, { timestamp: "2026-01-01T00:00:00Z" }),
      { ...group("k".repeat(401), {}, "2026-01-01T00:00:00Z"), distinct_id: "u" },
      event("Loose", "org_1", { $process_person_profile: false }),
      event("Reports", "org_1", {}, { distinct_id: "anonymous" }),
    ]);
    const shown = await page("?view=groups");
    await clicks(shown, ".names button", "Acme");
    await sees(shown, ".property", "2 values");
    await clicks(shown, ".property summary", "2 values");
    await sees(shown, ".history li", "solo");
    await sees(shown, ".timeline li", "Org Created");
    await clicks(shown, ".history li:nth-child(2) button", "$groupidentify");
    await sees(shown, "#detail .subtitle", "name, plan");
    await sees(shown, "#detail .mono", "2026-01-01T00:00:00.000Z");
    await clicks(shown, "nav a", "Persons");
    await clicks(shown, ".names button", "user_1");
    await sees(shown, ".property", "seats");
    await clicks(shown, "nav a", "Problems");
    await sees(shown, "#n-problems", "2");
    await clicks(shown, ".kind", "Group key over 400 characters");
    await sees(shown, "#count", "1 of 6");
    await clicks(shown, "[role=option]", "$groupidentify");
    await sees(shown, ".problems", "PostHog answers 200 and drops the event");
    await sees(shown, ".document", "PostHog does not keep it");
    await clicks(shown, "nav a", "Events");
    await clicks(shown, "[role=option]", "Reports");
    await sees(shown, ".lint", "illegal_distinct_id");
    await sees(shown, ".diff", "$group_0");
    await clicks(shown, "[role=tab]", "As sent");
    await sees(shown, ".document", "Reports");
    await clicks(shown, "nav a", "Billing");
    await sees(shown, ".figure", "4identified events");
    await clicks(shown, "nav a", "Charts");
    await sees(shown, ".card h2", "Funnel by plan");
  });

  await step("exports and imports", async ({ inspector, page, wrong }) => {
    await send(inspector.url, [
      event("Kept", "org_1"),
      group("org_1", { name: "Acme" }, "2026-01-01T00:00:00Z"),
    ]);
    const shown = await page();
    await sees(shown, "[role=option]", "Kept");
    const lines = await shown.evaluate(() =>
      fetch(document.querySelector<HTMLAnchorElement>("#export")!.href).then((response) => response.text())
    );
    assert.equal(lines, inspector.export());
    assert.ok(!lines.includes(KEY));
    await clicks(shown, "#clear", "Clear");
    await clicks(shown, "#clear", "Sure?");
    await sees(shown, "#waiting", "Waiting for the first event");
    const folder = await tools.temporary("import");
    await writeFile(join(folder, "events.jsonl"), lines);
    await (await shown.$("#file"))!.uploadFile(join(folder, "events.jsonl"));
    await sees(shown, "#toast", "2 events imported");
    await sees(shown, "[role=option]", "Kept");
    await writeFile(join(folder, "wrong.jsonl"), "{\n");
    await (await shown.$("#file"))!.uploadFile(join(folder, "wrong.jsonl"));
    await sees(shown, "#toast", "line 1");
    // The browser notes the refusal too.
    for (const line of wrong.splice(0)) assert.match(line, /status of 400/);
    await rm(folder, { recursive: true });
  });

  await step("hostile content is text, and breaks nothing", async ({ inspector, page }) => {
    const markup = `<img src=x onerror="alert(1)"><script>alert(2)</script>`;
    const turned = "\u202egnorw\u2066 \u0000\u001b[31m مرحبا";
    const many = Object.fromEntries(Array.from({ length: 40_000 }, (_, at) => [`p${at}`, at]));
    const deep = JSON.parse(`${"[".repeat(100)}1${"]".repeat(100)}`);
    const sent: object[] = [
      event(markup, markup, {
        [markup]: markup,
        $set: { [markup]: markup },
        __proto__: null,
        constructor: { prototype: 1 },
      }),
      { ...group(markup, { name: markup, [markup]: [markup] }, "2026-01-01T00:00:00Z"), distinct_id: markup },
      event(turned, turned, { [turned]: turned }),
      event("Long", "org_1", { text: "x".repeat(880_000) }),
      event("Many", "org_1", many),
      event("Deep", "org_1", { deep }),
      {
        event: "$exception",
        distinct_id: markup,
        properties: {
          $exception_list: [null, 1, {
            type: markup,
            value: markup,
            stacktrace: { frames: [null, { function: markup, filename: `javascript:alert(3)` }] },
          }],
        },
      },
      {
        event: "$exception",
        distinct_id: "u",
        properties: { $exception_list: "none", $exception_message: {} },
      },
      event("javascript:alert(4)", "javascript:alert(4)", { url: "javascript:alert(5)" }),
    ];
    for (const one of sent) assert.equal(await send(inspector.url, one), 200);
    const proto =
      `{"api_key":"${KEY}","batch":[{"event":"Proto","distinct_id":"__proto__","properties":{"__proto__":{"polluted":1},"$set":{"__proto__":{"polluted":1}},"$groups":{"__proto__":"x"}}}]}`;
    await fetch(`${inspector.url}/batch/`, { method: "POST", body: proto }).then((response) =>
      response.text()
    );
    const shown = await page();
    await sees(shown, "#count", `${sent.length + 1} events`);
    for (const name of [markup, "gnorw", "Long", "Many", "Deep", "$exception", "javascript:", "Proto"]) {
      await clicks(shown, "[role=option] .event", name);
      await sees(shown, "#detail h2", name);
      for (const tab of ["As sent", "As PostHog keeps it", "Difference"]) {
        await clicks(shown, "[role=tab]", tab);
      }
    }
    await clicks(shown, "[role=option] .event", "Many");
    await sees(shown, "#detail h2", "Many");
    await clicks(shown, "[role=tab]", "As sent");
    await clicks(shown, ".document summary", "properties");
    await clicks(shown, ".document button", "more of");
    for (const view of ["groups", "persons", "exceptions", "replays", "problems", "charts", "billing"]) {
      await shown.click(`#nav-${view}`);
      if (view === "groups" || view === "persons") await clicks(shown, ".names button", "<img");
      await shown.evaluate(() => new Promise((resolve) => setTimeout(resolve, 150)));
    }
    const found = await shown.evaluate(() => ({
      made: document.querySelectorAll("img[src=x], #views script, #detail script").length,
      polluted: "polluted" in {},
      controls: [...document.querySelectorAll("[role=option]")].some((row) =>
        /[\u202e\u2066]/.test(row.textContent!)
      ),
    }));
    assert.deepEqual(found, { made: 0, polluted: false, controls: false });
  });

  await step(
    "the policy holds: no script, no markup, no request elsewhere, no frame",
    async ({ inspector, page, wrong }) => {
      const shown = await page();
      const tried = await shown.evaluate(async () => {
        const violations: string[] = [];
        document.addEventListener(
          "securitypolicyviolation",
          ({ effectiveDirective }) => violations.push(effectiveDirective),
        );
        const failed: string[] = [];
        const attempt = (name: string, work: () => unknown) => {
          try {
            work();
          } catch {
            failed.push(name);
          }
        };
        // What the test's protocol evaluates at once may evaluate; what runs later is the page's.
        await new Promise((resolve) => setTimeout(resolve));
        attempt("innerHTML", () => document.createElement("div").innerHTML = "<b>x</b>");
        attempt("eval", () => (0, eval)("globalThis.pwned = 1"));
        attempt(
          "policy",
          () =>
            (globalThis as never as { trustedTypes: { createPolicy(name: string, rules: object): void } })
              .trustedTypes.createPolicy("other", {}),
        );
        attempt("worker", () => new Worker("/_inspector/page.js"));
        const script = document.createElement("script");
        attempt("script", () => script.text = "globalThis.pwned = 1");
        document.head.append(script);
        const style = document.createElement("style");
        style.textContent = "body { display: none }";
        document.head.append(style);
        await fetch("http://127.0.0.1:9/").catch(() => failed.push("fetch"));
        await new Promise((resolve) => setTimeout(resolve, 50));
        style.remove();
        return {
          failed,
          violations,
          pwned: "pwned" in globalThis,
          shown: getComputedStyle(document.body).display,
        };
      });
      assert.deepEqual(tried.failed.sort(), ["eval", "fetch", "innerHTML", "policy", "script", "worker"]);
      assert.ok(
        tried.violations.includes("style-src-elem") && tried.violations.includes("connect-src"),
        String(tried.violations),
      );
      assert.equal(tried.pwned, false);
      assert.equal(tried.shown, "flex");
      // The tries were noted in the console; nothing else was.
      for (const line of wrong.splice(0)) assert.match(line, /violates|Trusted|127\.0\.0\.1:9/);
      assert.equal((await fetch(`${inspector.url}/`)).headers.get("x-frame-options"), "DENY");
    },
  );

  await t.step("a page from elsewhere can press no button", async () => {
    await using inspector = await startInspector();
    const other = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen() {} },
      () => new Response("<title>elsewhere</title>", { headers: { "content-type": "text/html" } }),
    );
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${(other.addr as Deno.NetAddr).port}/`);
    const answers = await page.evaluate(async (url) => {
      const tries: [string, RequestInit][] = [
        ["/_control/default/faults", { method: "POST", mode: "no-cors", body: '{"mode":"hang"}' }],
        ["/_control/default/reset", { method: "POST", mode: "no-cors" }],
        ["/_inspector/api/default/import", { method: "POST", mode: "no-cors", body: '{"event":"x"}' }],
        ["/_inspector/api/default/export", {}],
        ["/_control/default", {}],
      ];
      const read = await Promise.all(
        tries.map(([path, init]) =>
          fetch(url + path, init).then((response) => response.text()).catch(() => "")
        ),
      );
      const framed = await new Promise((resolve) => {
        const source = new EventSource(`${url}/_inspector/api/default/stream`);
        source.onerror = () => resolve(source.readyState);
        source.onmessage = () => resolve("read");
      });
      return { read, framed };
    }, inspector.url);
    assert.deepEqual(answers, { read: ["", "", "", "", ""], framed: 2 });
    assert.equal(await send(inspector.url, event("Still here", "org_1")), 200);
    assert.deepEqual(inspector.project().events.map(({ event }) => event), ["Still here"]);
    await page.close();
    await other.shutdown();
  });

  await t.step("axe finds nothing, and the pictures are made", () => pictures(browser));
});

interface Open {
  inspector: Awaited<ReturnType<typeof startInspector>>;
  /** What has gone wrong in its pages so far. */
  wrong: string[];
  page(query?: string, viewport?: object): Promise<Page>;
}

const DESKTOP = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 780, isMobile: true, hasTouch: true, deviceScaleFactor: 2 };

/** The documentation's pictures; kept only where `INSPECT_IMAGES` says so. */
const PICTURES: [name: string, query: string, viewport: object, scheme: string, ready: [string, string]][] = [
  ["events", "", DESKTOP, "light", ["[role=option]", "Org Created"]],
  ["event-dark", "?q=is%3Aproblem&event=PROBLEM", DESKTOP, "dark", ["#detail h2", "Report Exported"]],
  [
    "group",
    "?view=groups&type=organization&key=3b0c5f6e-8d21-4c7a-9e44-1f6a2d7b9c01",
    { ...DESKTOP, height: 860 },
    "light",
    [".profile h2", "Fernweh"],
  ],
  ["charts-dark", "?view=charts", { ...DESKTOP, height: 1180 }, "dark", [".card h2", "Delivery latency"]],
  ["problems", "?view=problems", { ...DESKTOP, height: 560 }, "light", [".kind", "Group"]],
  ["billing", "?view=billing", DESKTOP, "light", [".figure", "identified"]],
  ["phone", "", PHONE, "light", ["[role=option]", "Org Created"]],
  [
    "phone-group-dark",
    "?view=groups&type=organization&key=3b0c5f6e-8d21-4c7a-9e44-1f6a2d7b9c01",
    PHONE,
    "dark",
    [".profile h2", "Fernweh"],
  ],
];
const LARGEST = 150_000;

/** The demo's year, and what an untidy sender adds. */
async function pictures(browser: Browser): Promise<void> {
  const demo = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", join(tools.root, "tools", "demo.ts"), "--inspect", "--port", "0"],
    stdout: "piped",
  }).spawn();
  const url = await new Promise<string>((resolve, reject) => {
    let text = "";
    (async () => {
      for await (const chunk of demo.stdout.pipeThrough(new TextDecoderStream())) {
        text += chunk;
        if (text.includes("stays open")) resolve(/http:\S+/.exec(text)![0]);
      }
      reject(new Error(text));
    })();
  });
  try {
    const key = "3b0c5f6e-8d21-4c7a-9e44-1f6a2d7b9c01";
    await send(url, [
      event("Report Exported", key, { $process_person_profile: false, format: "pdf", pages: 12 }),
      { ...group("x".repeat(401), { plan: "team" }, "2026-01-01T00:00:00Z"), distinct_id: "backend" },
      event("Trial Ends", key, {}, { timestamp: "2099-01-01T00:00:00Z" }),
      group(key, { website: "https://fernweh.example/old" }, "2025-01-02T00:00:00Z"),
      event("Seat Added", key, { $groups: { organization: null } }),
      event("Org Created", key, { source: "signup" }),
    ]);
    const found = await fetch(`${url}/_control/default/events?event=Report%20Exported`).then((response) =>
      response.json()
    );
    const problem = String(
      (await fetch(`${url}/_inspector/api/default/export`).then((response) => response.text()))
        .split("\n").findIndex((line) => line.includes(found[0].uuid)) + 1,
    );
    const images = Deno.env.get("INSPECT_IMAGES");
    const findings: string[] = [];
    const queries = [
      "",
      "?view=problems",
      "?view=persons",
      "?view=exceptions",
      "?view=replays",
      "?q=nothing-like-it",
    ];
    for (const scheme of ["light", "dark"]) {
      const page = await browser.newPage();
      await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
      for (const query of queries) {
        await page.goto(`${url}/${query}`);
        await sees(page, "#live", "Live");
        if (query === "?view=persons") await clicks(page, ".names button", "event");
        findings.push(...(await accessibility(page)).map((line) => `${scheme} ${query} ${line}`));
      }
      await clicks(page, "#faults-button", "Make it fail");
      findings.push(...(await accessibility(page)).map((line) => `${scheme} faults ${line}`));
      await page.close();
    }
    for (const [name, query, viewport, scheme, [selector, text]] of PICTURES) {
      const page = await browser.newPage();
      await page.setViewport(viewport);
      await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }, {
        name: "prefers-reduced-motion",
        value: "reduce",
      }]);
      await page.goto(`${url}/${query.replace("PROBLEM", problem)}`);
      await sees(page, selector, text);
      await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 400)));
      if (name === "group") await clicks(page, ".property summary", "values");
      findings.push(...(await accessibility(page)).map((line) => `${name} ${line}`));
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(wide <= 0, `${name} is wider than its window by ${wide}`);
      const image = await page.screenshot({ type: "webp", quality: 82 });
      assert.ok(image.length < LARGEST, `${name}: ${image.length} bytes`);
      if (images) {
        await writeFile(join(images, `inspect-${name}.webp`), image);
        if (Deno.env.get("INSPECT_PNG")) {
          await writeFile(join(images, `inspect-${name}.png`), await page.screenshot({ type: "png" }));
        }
      }
      await page.close();
    }
    assert.deepEqual(findings, []);
  } finally {
    demo.kill("SIGINT");
    await demo.status;
  }
}

/** An edge function in a process of its own. */
async function startFunction(host: string) {
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      "--allow-net",
      "--allow-env",
      "--config",
      join(tools.root, "tests/inspect/deno.json"),
      join(tools.root, "tests/inspect/function.ts"),
    ],
    env: { POSTHOG_API_KEY: "phc_function", POSTHOG_API_HOST: host },
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const port = Number((await reader.read()).value);
  return {
    async call(body: object) {
      const response = await fetch(`http://127.0.0.1:${port}/`, {
        method: "POST",
        body: JSON.stringify(body),
      });
      assert.equal(response.status, 200);
      await response.text();
    },
    async [Symbol.asyncDispose]() {
      child.kill();
      await reader.cancel();
      await child.status;
    },
  };
}
