import { serve } from "../protocol";
import { random } from "./random";

void serve(random);
