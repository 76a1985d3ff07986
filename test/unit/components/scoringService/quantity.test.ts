import { parseQuantity } from "../../../../components/scoringService/quantity";

describe("a Kubernetes quantity", () => {
  it.each([
    ["1", 1],
    ["100m", 0.1],
    ["1.5", 1.5],
    ["2k", 2000],
    ["1M", 1e6],
    ["512Mi", 512 * 1024 ** 2],
    ["1.5Gi", 1.5 * 1024 ** 3],
    ["2Ti", 2 * 1024 ** 4],
    ["1Pi", 1024 ** 5],
    ["1Ei", 1024 ** 6],
    ["1E", 1e18],
    ["1e3", 1000],
    ["1E3", 1000],
    ["5e-1", 0.5],
    ["250u", 0.00025],
    ["+1", 1],
    [".5", 0.5],
    ["1.", 1],
  ])("%s is %d", (text, value) => {
    expect(parseQuantity(text)).toBeCloseTo(value, 9);
  });

  it.each([
    "",
    "0",
    "0m",
    "-1",
    "1 Gi",
    "1gi",
    "1K",
    "Gi",
    "1e3x",
    ".",
    "1e",
    "1ki",
    "e3",
    "1Kib",
    "0e3",
    "1Gi\n",
    "NaN",
  ])("%j is none above zero", (text) => {
    expect(parseQuantity(text)).toBeUndefined();
  });
});
