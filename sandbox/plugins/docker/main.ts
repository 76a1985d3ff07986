import { serve } from "../protocol";
import { DockerProvider } from "./docker";

void serve(new DockerProvider());
