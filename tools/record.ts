// Writes what the running version of a service answers to its sample as the expected answer.
//   npm run record -- aks-service-1
//   npm run record -- aks-service-1 --stack dev
import { recordAnswer } from "./recordAnswer";

recordAnswer(process.argv.slice(2))
  .then((done) => console.log(done))
  .catch((error: unknown) => {
    console.error(`npm run record: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  });
