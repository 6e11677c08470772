;; A block of a matrix product, C = A B or C += A B, in float32.
;;
;; JavaScript copies a block of A and of B into this memory as they are, has each packed into panels, multiplies,
;; and copies C out. Everything has a fixed place, so the memory never grows and views of it stay good.
;;
;; A panel holds `width` neighbouring lines (rows of A, columns of B) step by step along the depth:
;;
;;   line 0, 1, ... width - 1 of step 0, then of step 1, ...
;;
;; so that the inner loop reads both operands strictly forward. A's panels are as wide as the tile is high
;; ($tileRows, said by the tile's file), B's are 8 wide. The last panel is filled up with zeros, and C has room
;; for whole tiles: no loop here has an edge case. What is computed from the zeros is never copied out, and the
;; depth is never filled up, so that no NaN or infinity comes to a place where it does not belong.
;;
;; This file is joined with one of the tiles: scripts/makeMatmulWasm.mjs.

;; 3 MiB: 512 KiB B as it is, 512 KiB B in panels, 128 KiB A as it is, 128 KiB A in panels, 1.75 MiB C.
;; src/device/cpu/wasmMultiplier.ts knows the same places.
(memory (export "memory") 48 48)

(global $leftPanels i32 (i32.const 0x120000))
(global $rightPanels i32 (i32.const 0x080000))
(global $result i32 (i32.const 0x140000))

;; Copies `lines` lines of `steps` values from $source into panels at $target.
;; Value (line, step) is $lineBytes * line + $stepBytes * step behind $source.
(func (export "pack")
  (param $source i32) (param $target i32) (param $lines i32) (param $steps i32)
  (param $lineBytes i32) (param $stepBytes i32) (param $width i32)
  (local $panelBytes i32) (local $full i32)
  (local.set $panelBytes (i32.mul (i32.shl (local.get $width) (i32.const 2)) (local.get $steps)))
  (block $done
    (loop $panel
      (br_if $done (i32.le_s (local.get $lines) (i32.const 0)))
      (local.set $full (i32.ge_s (local.get $lines) (local.get $width)))
      (if (i32.and
            (i32.and (i32.eq (local.get $width) (i32.const 8)) (i32.eq (local.get $lineBytes) (i32.const 4)))
            (local.get $full))
        (then (call $copyEights (local.get $source) (local.get $target) (local.get $steps) (local.get $stepBytes)))
        (else
          (if (i32.eqz (local.get $full))
            (then (memory.fill (local.get $target) (i32.const 0) (local.get $panelBytes))))
          (call $copyLines
            (local.get $source) (local.get $target)
            (select (local.get $width) (local.get $lines) (local.get $full))
            (local.get $steps) (local.get $lineBytes) (local.get $stepBytes)
            (i32.shl (local.get $width) (i32.const 2)))))
      (local.set $source (i32.add (local.get $source) (i32.mul (local.get $lineBytes) (local.get $width))))
      (local.set $target (i32.add (local.get $target) (local.get $panelBytes)))
      (local.set $lines (i32.sub (local.get $lines) (local.get $width)))
      (br $panel))))

;; A panel of 8 whole lines that lie side by side: two vectors a step.
(func $copyEights (param $source i32) (param $target i32) (param $steps i32) (param $stepBytes i32)
  (loop $step
    (v128.store (local.get $target) (v128.load (local.get $source)))
    (v128.store offset=16 (local.get $target) (v128.load offset=16 (local.get $source)))
    (local.set $source (i32.add (local.get $source) (local.get $stepBytes)))
    (local.set $target (i32.add (local.get $target) (i32.const 32)))
    (br_if $step (local.tee $steps (i32.sub (local.get $steps) (i32.const 1))))))

;; A panel of any lines, one after the other. $stride: bytes from a step to the next in the panel.
(func $copyLines
  (param $source i32) (param $target i32) (param $lines i32) (param $steps i32)
  (param $lineBytes i32) (param $stepBytes i32) (param $stride i32)
  (local $from i32) (local $to i32) (local $left i32)
  (loop $line
    (local.set $from (local.get $source))
    (local.set $to (local.get $target))
    (local.set $left (local.get $steps))
    (loop $step
      (f32.store (local.get $to) (f32.load (local.get $from)))
      (local.set $from (i32.add (local.get $from) (local.get $stepBytes)))
      (local.set $to (i32.add (local.get $to) (local.get $stride)))
      (br_if $step (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))
    (local.set $source (i32.add (local.get $source) (local.get $lineBytes)))
    (local.set $target (i32.add (local.get $target) (i32.const 4)))
    (br_if $line (local.tee $lines (i32.sub (local.get $lines) (i32.const 1))))))

;; Multiplies the packed panels of `rows` x `depth` and `depth` x `columns` into C, whose rows are $stride bytes
;; apart, from row $firstRow on. With $adds the products are added to what is there. A panel of B stays in the
;; first-level cache while all panels of A pass by.
(func (export "multiply")
  (param $rows i32) (param $columns i32) (param $depth i32)
  (param $firstRow i32) (param $stride i32) (param $adds i32)
  (local $left i32) (local $right i32) (local $row i32) (local $column i32)
  (local.set $right (global.get $rightPanels))
  (loop $columnPanel
    (local.set $left (global.get $leftPanels))
    (local.set $row (i32.const 0))
    (loop $rowPanel
      (call $tile
        (local.get $left) (local.get $right)
        (i32.add (global.get $result)
          (i32.add
            (i32.mul (i32.add (local.get $firstRow) (local.get $row)) (local.get $stride))
            (i32.shl (local.get $column) (i32.const 2))))
        (local.get $stride) (local.get $depth) (local.get $adds))
      (local.set $left
        (i32.add (local.get $left) (i32.mul (i32.shl (global.get $tileRows) (i32.const 2)) (local.get $depth))))
      (local.set $row (i32.add (local.get $row) (global.get $tileRows)))
      (br_if $rowPanel (i32.lt_s (local.get $row) (local.get $rows))))
    (local.set $right (i32.add (local.get $right) (i32.shl (local.get $depth) (i32.const 5))))
    (local.set $column (i32.add (local.get $column) (i32.const 8)))
    (br_if $columnPanel (i32.lt_s (local.get $column) (local.get $columns)))))
