/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
// A real Chromium, and what tests do in it.
import assert from "node:assert/strict";
import { chromium } from "../../tools/chromium.ts";
import * as versions from "../../tools/versions.ts";

/** As much of puppeteer's page as is used here. */
export interface Page {
  goto(url: string): Promise<unknown>;
  reload(): Promise<unknown>;
  close(): Promise<void>;
  url(): string;
  click(selector: string): Promise<void>;
  type(selector: string, text: string): Promise<void>;
  focus(selector: string): Promise<void>;
  select(selector: string, ...values: string[]): Promise<unknown>;
  keyboard: { press(key: string): Promise<void>; type(text: string): Promise<void> };
  evaluate<T, A extends unknown[]>(work: string | ((...args: A) => T), ...args: A): Promise<Awaited<T>>;
  waitForFunction<A extends unknown[]>(
    work: string | ((...args: A) => unknown),
    options?: object,
    ...args: A
  ): Promise<unknown>;
  setViewport(viewport: object): Promise<void>;
  emulateMediaFeatures(features: { name: string; value: string }[]): Promise<void>;
  screenshot(options: object): Promise<Uint8Array>;
  $(selector: string): Promise<{ uploadFile(path: string): Promise<void> } | null>;
  on(event: string, listener: (thing: never) => void): void;
  metrics(): Promise<Record<string, number>>;
}

export interface Browser extends AsyncDisposable {
  newPage(): Promise<Page>;
}

export async function startBrowser(): Promise<Browser> {
  const { default: puppeteer } = await import(`npm:puppeteer-core@${versions.puppeteer}`);
  const browser = await puppeteer.launch({
    executablePath: await chromium(),
    // The page's own policy is what is tested, not the browser's sandbox, which root cannot have.
    args: ["--no-sandbox", "--disable-gpu", "--force-color-profile=srgb", "--hide-scrollbars"],
  });
  return { newPage: () => browser.newPage(), [Symbol.asyncDispose]: () => browser.close() };
}

/** Notes what goes wrong in a page. */
export function watched(page: Page, origin: string, wrong: string[]) {
  page.on("pageerror", (error: Error) => wrong.push(`error: ${error.message}`));
  page.on("console", (message: { type(): string; text(): string }) => {
    if (message.type() === "error") wrong.push(`console: ${message.text()}`);
  });
  page.on("dialog", (dialog: { message(): string; dismiss(): Promise<void> }) => {
    wrong.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("request", (request: { url(): string }) => {
    if (!request.url().startsWith(origin) && !/^(?:blob|data|about):/.test(request.url())) {
      wrong.push(`request: ${request.url()}`);
    }
  });
}

/** Waits until an element has this text. */
export async function sees(page: Page, selector: string, text: string): Promise<void> {
  const has = (selector: string, text: string) =>
    [...document.querySelectorAll<HTMLElement>(selector)].some((element) =>
      element.getClientRects().length > 0 && element.textContent!.includes(text)
    );
  try {
    await page.waitForFunction(has, { timeout: 8000 }, selector, text);
  } catch {
    const there = await page.evaluate(
      (selector) =>
        [...document.querySelectorAll(selector)].map(({ textContent }) => textContent).join(" | "),
      selector,
    );
    assert.fail(`${selector} does not say ${text}, but: ${there.slice(0, 2000)}`);
  }
}

/** Waits until nothing that the selector finds is seen with this text. */
export async function seesNot(page: Page, selector: string, text: string): Promise<void> {
  await page.waitForFunction(
    (selector, text) =>
      ![...document.querySelectorAll<HTMLElement>(selector)].some((element) =>
        element.getClientRects().length > 0 && element.textContent!.includes(text)
      ),
    { timeout: 8000 },
    selector,
    text,
  );
}

/** Clicks what the selector finds and has this text. */
export async function clicks(page: Page, selector: string, text: string): Promise<void> {
  await sees(page, selector, text);
  await page.evaluate(
    (selector, text) => {
      [...document.querySelectorAll<HTMLElement>(selector)].find((element) =>
        element.getClientRects().length > 0 && element.textContent!.includes(text)
      )!.click();
    },
    selector,
    text,
  );
}

let axe: string | undefined;

/** axe's findings on what is shown now, one line each. */
export async function accessibility(page: Page): Promise<string[]> {
  axe ??= (await import(`npm:axe-core@${versions.axe}`)).default.source as string;
  await page.evaluate(`if (!window.axe) { ${axe} }`);
  const run =
    `axe.run(document, { resultTypes: ["violations"] }).then(({ violations }) => violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => id + ": " + html.slice(0, 200) + " " + failureSummary.slice(0, 300))))`;
  return await page.evaluate(run) as string[];
}
