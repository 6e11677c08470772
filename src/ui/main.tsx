import "../client/trustedTypes";
import "./styles/base.css";
import "./styles/tokens.css";
import { boot } from "./boot";

void boot(document.getElementById("root")!);
