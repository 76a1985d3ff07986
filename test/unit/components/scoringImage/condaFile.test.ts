import { CondaFileError, parseCondaFile } from "../../../../components/scoringImage/condaFile";

describe("a conda file", () => {
  it.each([
    ["python=3.11", "3.11"],
    ["python=3.11.4", "3.11"],
    ["python==3.12.1", "3.12"],
    ["python>=3.10", "3.10"],
    ["python =3.9", "3.9"],
    ["python 3.9", "3.9"],
    ["python~=3.11", "3.11"],
    ["python>=3.10,<3.12", "3.10"],
    ["python=3.11.*", "3.11"],
    ["python<=3.10", "3.10"],
    [" python=3.11", "3.11"],
    ["conda-forge::python=3.11", "3.11"],
  ])("with %j asks for Python %s", (requirement, expected) => {
    const text = JSON.stringify({ dependencies: ["numpy", requirement, { pip: ["joblib"] }] });
    expect(parseCondaFile(text)).toEqual({ pythonVersion: expected });
  });

  it.each([
    "python",
    "python<3.12",
    "python!=3.12",
    "python-dateutil=2.9",
    "python_abi=3.11",
    "ipython=8.1",
    "pythonnet=3.0",
  ])("with %j asks for none", (requirement) => {
    expect(parseCondaFile(JSON.stringify({ dependencies: [requirement] }))).toEqual({});
  });

  it.each(["dependencies: [", "- a", "name: x", "dependencies: {}", "null", "dependencies: []"])(
    "is none: %j",
    (text) => {
      expect(() => parseCondaFile(text)).toThrow(CondaFileError);
    },
  );
});
