import {
  CondaFileError,
  parseCondaFile,
} from "../../../../../components/scoringImage/environment/condaFile";
import { choosePython } from "../../../../../components/scoringImage/environment/pythonVersion";

function pythonFor(requirement: string): string {
  const text = JSON.stringify({ dependencies: ["numpy", requirement, { pip: ["joblib"] }] });
  return choosePython(parseCondaFile(text).specs);
}

describe("a conda file", () => {
  it.each([
    ["python=3.11", "3.11"],
    ["python=3.11.4", "3.11"],
    ["python==3.12.1", "3.12"],
    ["python 3.10", "3.10"],
    ["python>=3.10,<3.12", "3.11"],
    ["python=3.11.*", "3.11"],
    ["python<=3.10", "3.10"],
    [" python=3.11", "3.11"],
    ["conda-forge::python=3.11", "3.11"],
    ["python=3.12=*_cpython", "3.12"],
    ["python[version='>=3.10,<3.13']", "3.12"],
    // The newest that can be served.
    ["python>=3.8", "3.14"],
    ["python>=3.10", "3.14"],
    ["python~=3.11", "3.14"],
    ["python!=3.14.*", "3.13"],
    ["python<3.12", "3.11"],
    ["python=3.8", "3.8"],
    ["python=3.9.*", "3.9"],
    ["python<3.10", "3.9"],
    ["python>=3.6,<3.9", "3.8"],
    ["python=3.8.20=h4a871b0_2_cpython", "3.8"],
  ])("with %j gets Python %s", (requirement, expected) => {
    expect(pythonFor(requirement)).toBe(expected);
  });

  it.each(["python", "python-dateutil=2.9", "python_abi=3.12", "ipython=8.1", "pythonnet=3.0"])(
    "with %j gets Python 3.11, since it asks for none",
    (requirement) => {
      expect(pythonFor(requirement)).toBe("3.11");
    },
  );

  it.each(["dependencies: [", "- a", "name: x", "dependencies: {}", "null", "dependencies: []"])(
    "is none: %j",
    (text) => {
      expect(() => parseCondaFile(text)).toThrow(CondaFileError);
    },
  );

  it.each(["dependencies: &a [pip: *a]", "dependencies: [&a {b: *a}]"])(
    "is none where an alias stands inside of what it repeats: %j",
    (text) => {
      expect(() => parseCondaFile(text)).toThrow(
        new CondaFileError("has an alias inside of what it repeats"),
      );
    },
  );
});
