import { serve } from "../protocol";
import { createDockerProvider } from "./docker";

void serve(createDockerProvider());
