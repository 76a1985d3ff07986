import { elapsedText, Progress } from "../../../../sandbox/host/progress";

class Screen {
  text = "";
  columns = 200;
  constructor(readonly isTTY: boolean) {}
  write(text: string): void {
    this.text += text;
  }
}

describe("progress", () => {
  it("writes one line for a short step and no time", async () => {
    const screen = new Screen(false);
    await new Progress(screen, () => 0).step("look", () => Promise.resolve());
    expect(screen.text).toBe("✓ look\n");
  });

  it("announces a long step in a plain log and ends it with its time", async () => {
    const screen = new Screen(false);
    let now = 0;
    const progress = new Progress(screen, () => now);
    await progress.step("build", (report) => {
      report("part 1");
      now = 2_500;
      progress.tick();
      now = 65_000;
      return Promise.resolve();
    });
    expect(screen.text).toBe("… build: part 1\n✓ build: part 1 (1 min 5 s)\n");
  });

  it("shows every step under way on a terminal's one line", async () => {
    const screen = new Screen(true);
    let now = 0;
    const progress = new Progress(screen, () => now);
    const inner = () => {
      now = 3_000;
      progress.tick();
      return Promise.resolve();
    };
    await progress.step("one", () => progress.step("two", inner));
    expect(screen.text).toContain("… one 3.0 s | two 3.0 s");
  });

  it("marks a step that failed and passes its fault on", async () => {
    const screen = new Screen(false);
    const step = new Progress(screen).step("try", () => Promise.reject(new Error("no")));
    await expect(step).rejects.toThrow("no");
    expect(screen.text).toBe("✗ try\n");
  });

  it("counts in minutes from the first one", () => {
    expect(elapsedText(59_940)).toBe("59.9 s");
    expect(elapsedText(61_000)).toBe("1 min 1 s");
  });
});
