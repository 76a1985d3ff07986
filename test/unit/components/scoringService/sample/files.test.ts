import { sampleFiles } from "../../../../../components/scoringService/sample/files";
import { SERVICE_SAMPLE } from "../../../../support/program";

function texts(sample: typeof SERVICE_SAMPLE) {
  const files = Object.entries(sampleFiles(sample));
  return Object.fromEntries(files.map(([name, content]) => [name, content.toString()]));
}

describe("the files of a sample", () => {
  it("are those that the scoring server reads", () => {
    expect(texts(SERVICE_SAMPLE)).toEqual({
      request: '{"data":[[1,2]]}',
      "expected.json": "[3]",
      "rules.json":
        '{"contentType":"application/json","relative":0.001,"absolute":1e-12,' +
        '"timeoutSeconds":5,"hidden":false}',
    });
  });

  it("have no answer where none is expected, and no time where none is written", () => {
    const files = texts({ ...SERVICE_SAMPLE, expected: undefined, timeoutSeconds: undefined });
    expect(Object.keys(files)).toEqual(["request", "rules.json"]);
    expect(files["rules.json"]).not.toContain("timeoutSeconds");
  });

  it("say when the configuration keeps them secret", () => {
    expect(texts({ ...SERVICE_SAMPLE, isSecret: true })["rules.json"]).toContain('"hidden":true');
  });
});
