// The browser that the inspector's page is tested in.
import { existsSync } from "node:fs";
import * as tools from "./tools.ts";

const PLACES = [
  process.env.CHROMIUM ?? "",
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/** Where Chromium is. Where it is missing, Debian's package is installed if that is allowed here. */
export async function chromium(): Promise<string> {
  const found = () => PLACES.find((place) => place !== "" && existsSync(place));
  if (found() === undefined && existsSync("/usr/bin/apt-get") && process.getuid?.() === 0) {
    console.log(
      "Chromium is missing: installing Debian's package (apt-get install chromium fonts-inter fonts-jetbrains-mono)",
    );
    await tools.capture("apt-get", ["update"]);
    const packages = ["chromium", "fonts-inter", "fonts-jetbrains-mono"];
    await tools.capture("apt-get", ["install", "-y", "--no-install-recommends", ...packages], {
      env: { DEBIAN_FRONTEND: "noninteractive" },
    });
  }
  const browser = found();
  if (browser === undefined) throw new Error("install Chromium, or say in CHROMIUM where it is");
  return browser;
}
