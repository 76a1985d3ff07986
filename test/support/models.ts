import * as path from "node:path";
import { run } from "./sandbox";

/**
 * Another ridge regression under the sample's file name, written by the image's own scikit-learn.
 *
 * @param folder where it is put.
 * @returns path of the file.
 */
export async function anotherModel(folder: string): Promise<string> {
  const code =
    "import sys, joblib, sklearn.datasets as d, sklearn.linear_model as l; " +
    "x, y = d.load_diabetes(return_X_y=True); " +
    "joblib.dump(l.Ridge(alpha=10.0).fit(x, y), '/out/model.pkl')";
  const images = await run("docker", ["images", "--format", "{{.Repository}}:{{.Tag}}"]);
  const image = images.split("\n").find((name) => name.includes("/myimage1:"));
  if (image === undefined) throw new Error(`no scoring image among\n${images}`);
  const python = ["--entrypoint", "/opt/environment/bin/python", "--user", "0"];
  await run("docker", ["run", "--rm", "-v", `${folder}:/out`, ...python, image, "-c", code]);
  return path.join(folder, "model.pkl");
}
