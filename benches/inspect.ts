/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
// The inspector's page with 50,000 events while 1,000 more arrive each second, and what it weighs.
// `deno task inspect:bench`; needs Chromium.
import { spawn } from "node:child_process";
import { cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { sees, startBrowser } from "../tests/inspect/browser.ts";
import { event, group, send } from "../tests/inspect/send.ts";
import { capture, root, temporary } from "../tools/tools.ts";

const EVENTS = 50_000;
const BATCH = 500;
const SECONDS = 15;

const FIRST = `import { PostHog } from "posthog-wasm";
await PostHog.fromEnv().capture({ event: "Hello", distinctId: "user_1" });
`;

interface Frames {
  count: number;
  median: number;
  p99: number;
  longest: number;
  over50: number;
}

const inspector = spawn("node", [join(root, "pkg/inspect/cli.js"), "inspect", "--port", "0"], {
  stdio: ["ignore", "ignore", "pipe"],
});
const url = await new Promise<string>((resolve) => {
  inspector.stderr.on("data", (data) => {
    const found = /http:\S+/.exec(String(data));
    if (found) resolve(found[0]);
  });
});
try {
  let made = 0;
  const batch = (size: number) =>
    Array.from({ length: size }, () => {
      const at = made++;
      const key = `org_${at % 300}`;
      if (at % 50 === 0) {
        return group(
          key,
          { name: `Organization ${at % 300}`, plan: ["solo", "maker", "team"][at % 3] },
          now(),
        );
      }
      const properties = {
        app_id: `com.example.app${at % 40}`,
        channel: "production",
        version: `1.${at % 90}.0`,
        bytes: at,
      };
      return event(
        ["App Opened", "Bundle Created", "Bundle Deployed", "Build Started"][at % 4],
        key,
        properties,
      );
    });
  const loading = performance.now();
  for (let sent = 0; sent < EVENTS; sent += BATCH) await send(url, batch(BATCH));
  const taken = performance.now() - loading;

  await using browser = await startBrowser();
  const page = await browser.newPage();
  await page.setViewport({ width: 1280, height: 800 });
  const opened = performance.now();
  await page.goto(`${url}/`);
  const paint = await page.evaluate(() =>
    new Promise<number>((resolve) => {
      const found = () => performance.getEntriesByName("first-contentful-paint")[0]?.startTime;
      const ask = () => found() === undefined ? setTimeout(ask, 5) : resolve(found());
      ask();
    })
  );
  await sees(page, "#count", "50,000 events");
  const all = performance.now() - opened;

  const query = async (text: string) => {
    await page.evaluate((text) => {
      const input = document.querySelector<HTMLInputElement>("#search")!;
      input.value = text;
      input.dispatchEvent(new Event("input"));
      return new Promise((resolve) => setTimeout(resolve, 60));
    }, text);
  };

  const idle = await frames(page, 2);
  // So many a second, whatever the answers take.
  const sending = setInterval(() => void send(url, batch(100)), 100);
  const still = await frames(page, SECONDS);
  const searching = await frames(page, SECONDS, async () => {
    for (
      const text of ["bundle", "organization 2", "", 'event:"App Opened" com.example.app3', "nothing", ""]
    ) {
      for (let length = 0; length <= text.length; length++) await query(text.slice(0, length));
    }
  });
  const scrolling = await frames(page, 5, async () => {
    await page.evaluate(() =>
      new Promise<void>((resolve) => {
        const list = document.querySelector(".list")!;
        let left = 200;
        const step = () => {
          list.scrollTop += 900;
          if (--left === 0) resolve();
          else requestAnimationFrame(step);
        };
        step();
      })
    );
  });
  clearInterval(sending);
  const { JSHeapUsedSize } = await page.metrics();
  const status = await readFile(`/proc/${inspector.pid}/status`, "utf8");
  const resident = Number(/VmRSS:\s+(\d+)/.exec(status)![1]) / 1000;
  const shown = await page.evaluate(() => document.querySelector("#n-events")!.textContent);

  console.log(
    `events: ${EVENTS} taken in ${(taken / 1000).toFixed(1)} s (${Math.round(EVENTS / taken * 1000)}/s)`,
  );
  console.log(`page: first paint ${Math.round(paint)} ms, all ${EVENTS} shown after ${Math.round(all)} ms`);
  print("frames, idle", idle);
  print("frames, 1,000 events/s", still);
  print("frames, 1,000 events/s, typing a search", searching);
  print("frames, 1,000 events/s, scrolling", scrolling);
  console.log(
    `memory: page ${Math.round(JSHeapUsedSize / 1e6)} MB of heap, server ${
      Math.round(resident)
    } MB resident, ${shown} events`,
  );
} finally {
  inspector.kill();
}
await weights();

function now(): string {
  return new Date().toISOString();
}

async function frames(
  page: { evaluate<T, A extends unknown[]>(work: (...args: A) => T, ...args: A): Promise<Awaited<T>> },
  seconds: number,
  meanwhile?: () => Promise<void>,
): Promise<Frames> {
  const measured = page.evaluate((seconds) =>
    new Promise<number[]>((resolve) => {
      const times: number[] = [];
      let last = performance.now();
      const until = last + seconds * 1000;
      const step = (at: number) => {
        times.push(at - last);
        last = at;
        if (at < until) requestAnimationFrame(step);
        else resolve(times.slice(1));
      };
      requestAnimationFrame(step);
    }), seconds);
  await meanwhile?.();
  const times = (await measured).sort((one, two) => one - two);
  const share = (part: number) => times[Math.min(times.length - 1, Math.floor(times.length * part))];
  return {
    count: times.length,
    median: share(0.5),
    p99: share(0.99),
    longest: times.at(-1)!,
    over50: times.filter((time) => time > 50).length,
  };
}

function print(name: string, { count, median, p99, longest, over50 }: Frames) {
  const [one, two, three] = [median, p99, longest].map((time) => time.toFixed(1));
  console.log(
    `${name}: ${count}, median ${one} ms, 99 % ${two} ms, longest ${three} ms, ${over50} over 50 ms`,
  );
}

/** The page's bytes, the package with and without all this, and an empty folder's first event. */
async function weights() {
  const folder = join(root, "pkg", "inspect");
  for (
    const name of ["page/index.html", "page/page.js", "page/page.css", "page/lint.js", "mod.js", "cli.js"]
  ) {
    const bytes = await readFile(join(folder, name));
    console.log(`pkg/inspect/${name}: ${bytes.length} bytes, ${gzipSync(bytes, { level: 9 }).length} gzip`);
  }
  const place = await temporary("weights");
  try {
    const whole = await packed(join(root, "pkg"), place);
    await cp(join(root, "pkg"), join(place, "without"), { recursive: true });
    await rm(join(place, "without", "inspect"), { recursive: true });
    await rm(join(place, "without", "inspect.d.ts"));
    await mkdir(join(place, "lean"));
    const lean = await packed(join(place, "without"), join(place, "lean"));
    console.log(`tarball: ${whole} bytes, ${whole - lean} of them the inspector`);
    const [tarball] = (await readdir(place)).filter((name) => name.endsWith(".tgz"));
    const app = join(place, "app");
    await mkdir(app);
    const begun = performance.now();
    await writeFile(join(app, "package.json"), '{"type":"module","private":true}');
    await writeFile(join(app, "first.js"), FIRST);
    await capture("npm", ["install", "--no-audit", "--no-fund", join(place, tarball)], { cwd: app });
    const lines = await capture("npx", [
      "posthog-wasm",
      "inspect",
      "--port",
      "0",
      "--json",
      "--",
      "node",
      "first.js",
    ], { cwd: app });
    console.log(
      `an empty folder's first event (${JSON.parse(lines).event}): ${
        ((performance.now() - begun) / 1000).toFixed(1)
      } s`,
    );
  } finally {
    await rm(place, { recursive: true });
  }
}

async function packed(folder: string, to: string): Promise<number> {
  const [{ size }] = JSON.parse(
    await capture("npm", ["pack", "--json", "--pack-destination", to], { cwd: folder }),
  );
  return size;
}
