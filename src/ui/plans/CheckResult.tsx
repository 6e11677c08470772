import { CircleAlert, CircleCheck } from "lucide-react";
import { formatShape } from "../../base/shape";
import { formatCount } from "../../i18n/numbers";
import type { DispatchCheck } from "../../protocol/protocol";
import { Facts } from "../inspector/Section";
import { useLanguage, useTexts } from "../Texts";
import styles from "./Plans.module.css";

/** A difference above this looks like an error and needs an explanation. */
const manyUlp = 100;

/** Enough digits to distinguish any two float32 values. */
function exactly(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(9))) : String(value).replace("Infinity", "∞");
}

function roughly(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(3))) : "∞";
}

/** How far a dispatch's results differ from the CPU's, and where. */
export function CheckResult({ check }: { check: DispatchCheck }) {
  const texts = useTexts().plans;
  const language = useLanguage();
  const { verdict, equal, compared, largestUlp, largestAbsolute } = check;
  const count = (value: number) => formatCount(value, language);
  const against = texts.against[check.against];
  const Icon = verdict === "different" ? CircleAlert : CircleCheck;
  const facts = [
    [
      texts.largestUlp,
      largestUlp && (
        <Place key="u" difference={largestUlp}>
          {texts.ulp(Number.isFinite(largestUlp.ulp) ? count(largestUlp.ulp) : "∞")}
        </Place>
      ),
    ],
    [
      texts.largestAbsolute,
      largestAbsolute && (
        <Place key="a" difference={largestAbsolute}>
          {roughly(largestAbsolute.absolute)}
        </Place>
      ),
    ],
  ] as const;
  return (
    <div className={styles.check} data-verdict={verdict}>
      <p className={styles.verdict}>
        <Icon aria-hidden="true" />
        <span>
          {verdict === "same"
            ? texts.verdicts.same(count(compared), against)
            : texts.verdicts[verdict](count(equal), count(compared), against)}
        </span>
      </p>
      {largestUlp && <Facts entries={facts} />}
      {verdict === "close" && largestUlp && largestUlp.ulp > manyUlp && <p className={styles.muted}>{texts.cancels}</p>}
    </div>
  );
}

function Place({ difference, children }: { difference: NonNullable<DispatchCheck["largestUlp"]>; children: string }) {
  const texts = useTexts().plans;
  const { op, shape, index, actual, expected } = difference;
  return (
    <>
      <strong>{children}</strong> {texts.where(op, formatShape(shape), formatShape(index))}
      {": "}
      {texts.instead(exactly(actual), exactly(expected))}
    </>
  );
}
