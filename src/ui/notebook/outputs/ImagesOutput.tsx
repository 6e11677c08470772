import { Check, X } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { Button as AriaButton } from "react-aria-components/Button";
import { formatCount } from "../../../i18n/numbers";
import type { ImagesSnapshot } from "../../../protocol/protocol";
import { useLanguage, useTexts } from "../../Texts";
import { Button } from "../../widgets/controls/Button";
import styles from "./ImagesOutput.module.css";

/** Number of images drawn at first; the rest on request. */
const firstImages = 64;

/** Images in a grid, each with its label and prediction; one of them in detail. */
export function ImagesOutput({ images }: { images: ImagesSnapshot }) {
  const texts = useTexts().outputs;
  const language = useLanguage();
  const [limit, setLimit] = useState(firstImages);
  const [chosen, setChosen] = useState<number | null>(null);
  const shown = Math.min(limit, images.count);
  const predicted = images.probabilities.map(largest);
  const right = predicted.filter((name, index) => name === images.labels[index]).length;
  return (
    <div className={styles.images} role="group" aria-label={texts.images(formatCount(images.count, language))}>
      <p className={styles.head}>
        {texts.images(formatCount(images.count, language))}
        <span>
          {images.height} × {images.width}
        </span>
        {predicted.length > 0 && images.labels.length > 0 && (
          <span>{texts.correct(formatCount(right, language), formatCount(predicted.length, language))}</span>
        )}
      </p>
      <div className={styles.grid}>
        {Array.from({ length: shown }, (_, index) => (
          <Tile
            key={index}
            images={images}
            index={index}
            predicted={predicted[index]}
            chosen={chosen === index}
            onChoose={() => setChosen(chosen === index ? null : index)}
          />
        ))}
      </div>
      {shown < images.count && (
        <Button small onPress={() => setLimit(limit + 256)}>
          {texts.showMore(formatCount(Math.min(256, images.count - shown), language))}
        </Button>
      )}
      {chosen !== null && <Detail images={images} index={chosen} predicted={predicted[chosen]} />}
    </div>
  );
}

function nameOf({ classNames }: ImagesSnapshot, index: number | undefined): string | null {
  return index === undefined ? null : (classNames[index] ?? String(index));
}

function largest(values: readonly number[]): number {
  return values.reduce((best, value, index) => (value > values[best]! ? index : best), 0);
}

interface TileProps {
  images: ImagesSnapshot;
  index: number;
  predicted: number | undefined;
  chosen: boolean;
  onChoose: () => void;
}

function Tile({ images, index, predicted, chosen, onChoose }: TileProps) {
  const texts = useTexts().outputs;
  const label = nameOf(images, images.labels[index]);
  const says = nameOf(images, predicted);
  const right = label !== null && says !== null && label === says;
  return (
    <AriaButton
      className={styles.tile}
      aria-label={texts.image(index, label, says)}
      aria-pressed={chosen}
      data-chosen={chosen || undefined}
      onPress={onChoose}
    >
      <Picture images={images} index={index} size={56} />
      <span className={styles.names}>
        {label !== null && <span className={styles.label}>{label}</span>}
        {says !== null && (
          <span className={styles.says} data-right={label === null ? undefined : right}>
            {label !== null && (right ? <Check aria-hidden="true" /> : <X aria-hidden="true" />)}
            {says}
          </span>
        )}
      </span>
      {predicted !== undefined && <Bar value={images.probabilities[index]![predicted]!} />}
    </AriaButton>
  );
}

function Bar({ value }: { value: number }) {
  return (
    <span className={styles.bar}>
      <span style={{ width: `${Math.round(Math.min(1, Math.max(0, value)) * 100)}%` }} />
    </span>
  );
}

function Detail({
  images,
  index,
  predicted,
}: {
  images: ImagesSnapshot;
  index: number;
  predicted: number | undefined;
}) {
  const texts = useTexts().outputs;
  const language = useLanguage();
  const percent = new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 1 });
  const label = nameOf(images, images.labels[index]);
  const probabilities = images.probabilities[index] ?? [];
  return (
    <div className={styles.detail}>
      <Picture images={images} index={index} size={168} />
      <div>
        <h3 className={styles.title}>{texts.image(index, label, nameOf(images, predicted))}</h3>
        {probabilities.length > 0 && (
          <table className={styles.bars}>
            <caption>{texts.probabilities}</caption>
            <tbody>
              {probabilities.map((value, at) => (
                <tr key={at} data-label={at === images.labels[index] || undefined}>
                  <th scope="row">{nameOf(images, at)}</th>
                  <td>
                    <Bar value={value} />
                  </td>
                  <td className={styles.percent}>{percent.format(value)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </div>
    </div>
  );
}

function Picture({ images, index, size }: { images: ImagesSnapshot; index: number; size: number }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { width, height, channels, pixels } = images;
  useEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (!context || width * height === 0) return;
    const image = context.createImageData(width, height);
    const start = index * width * height * channels;
    for (let pixel = 0; pixel < width * height; pixel++) {
      for (let channel = 0; channel < 3; channel++) {
        const from = start + pixel * channels + (channels === 3 ? channel : 0);
        image.data[pixel * 4 + channel] = pixels[from]!;
      }
      image.data[pixel * 4 + 3] = 255;
    }
    context.putImageData(image, 0, 0);
  }, [pixels, index, width, height, channels]);
  const scale = size / Math.max(1, width, height);
  return (
    <canvas
      ref={canvas}
      className={styles.picture}
      width={width}
      height={height}
      style={{ width: width * scale, height: height * scale }}
    />
  );
}
