import { serve } from "../protocol";
import { createKubernetesProvider } from "./kubernetes";

void serve(createKubernetesProvider());
