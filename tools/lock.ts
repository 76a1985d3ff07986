// Writes the lock of a conda file of the selected stack.
//   npm run lock -- scoring/myenv.yml
import { writeLock } from "./writeLock";

writeLock(process.argv[2])
  .then((lock) => console.log(`wrote ${lock}`))
  .catch((error: unknown) => {
    console.error(`npm run lock: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  });
