import "../stateFolder";
import { quoted } from "../../../../sandbox/host/programs";

describe("words for a shell", () => {
  it("quote what a shell would take apart", () => {
    expect(quoted("it's $HOME")).toBe(`'it'\\''s $HOME'`);
  });
});
