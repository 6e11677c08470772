;; Matrix product C = A B in float32, on operands in an imported memory.
;;
;; A panel interleaves `width` neighbouring lines (rows of A, columns of B) step by step along the depth:
;;
;;   line 0, 1, ... width - 1 of step 0, then of step 1, ...
;;
;; so that the inner loop reads both operands strictly forward. B's panels are 8 wide, and the last is padded with
;; zeros. A's panels are as wide as the tile is high ($tileRows, which the tile's file defines). The tile reads B
;; through a stride, so that B's columns, if they are contiguous and read too seldom to repay a copy, are read in place.
;; Such a read may extend up to 28 bytes past the operand; results of those bytes are never stored.
;;
;; scripts/generate/makeMatmulWasm.mjs joins this file with one of the tiles.

(import "env" "memory" (memory 1))

;; Address of the module's work area: a tile for the edges of C, B's panels (1 MiB), A's panels. Its size is `workBytes`
;; in src/device/cpu/matmul/panels.ts.
(import "env" "scratch" (global $scratch i32))
(global $rightPanels i32 (i32.const 0x1000))
(global $leftPanels i32 (i32.const 0x101000))

;; Largest columns and rows of a block. At 256 steps, the columns fill the space for B's panels, and the rows take half
;; of a second-level cache. Rows are whole tiles of both 4 and 6.
(global $mostColumns i32 (i32.const 1024))
(global $mostRows i32 (i32.const 240))

;; Packs `lines` lines of `steps` values from $source into panels at $target. Value (line, step) is at $source +
;; $lineBytes * line + $stepBytes * step.
(func $pack
  (param $source i32) (param $target i32) (param $lines i32) (param $steps i32)
  (param $lineBytes i32) (param $stepBytes i32) (param $width i32)
  (local $panelBytes i32) (local $given i32)
  (local.set $panelBytes (i32.mul (i32.shl (local.get $width) (i32.const 2)) (local.get $steps)))
  (loop $panel
    (local.set $given
      (select (local.get $width) (local.get $lines) (i32.ge_s (local.get $lines) (local.get $width))))
    (if (i32.ne (local.get $given) (local.get $width))
      (then (memory.fill (local.get $target) (i32.const 0) (local.get $panelBytes))))
    (if (i32.and (i32.eq (local.get $given) (i32.const 8)) (i32.eq (local.get $lineBytes) (i32.const 4)))
      (then (call $copyEights (local.get $source) (local.get $target) (local.get $steps) (local.get $stepBytes)))
      (else
        (call $packPanel
          (local.get $source) (local.get $target) (local.get $given) (local.get $steps)
          (local.get $lineBytes) (local.get $stepBytes) (i32.shl (local.get $width) (i32.const 2)))))
    (local.set $source (i32.add (local.get $source) (i32.mul (local.get $lineBytes) (local.get $width))))
    (local.set $target (i32.add (local.get $target) (local.get $panelBytes)))
    (br_if $panel
      (i32.gt_s
        (local.tee $lines (i32.sub (local.get $lines) (local.get $width)))
        (i32.const 0)))))

;; Packs a panel of 8 contiguous lines: two vectors per step.
(func $copyEights (param $source i32) (param $target i32) (param $steps i32) (param $stepBytes i32)
  (loop $step
    (v128.store (local.get $target) (v128.load (local.get $source)))
    (v128.store offset=16 (local.get $target) (v128.load offset=16 (local.get $source)))
    (local.set $source (i32.add (local.get $source) (local.get $stepBytes)))
    (local.set $target (i32.add (local.get $target) (i32.const 32)))
    (br_if $step (local.tee $steps (i32.sub (local.get $steps) (i32.const 1))))))

;; Packs a panel of any lines, four at a time where vectors apply. $stride: bytes between steps in the panel.
(func $packPanel
  (param $source i32) (param $target i32) (param $lines i32) (param $steps i32)
  (param $lineBytes i32) (param $stepBytes i32) (param $stride i32)
  (local $whole i32)
  (block $rest
    (br_if $rest
      (i32.and (i32.ne (local.get $lineBytes) (i32.const 4)) (i32.ne (local.get $stepBytes) (i32.const 4))))
    (loop $fours
      (br_if $rest (i32.lt_s (local.get $lines) (i32.const 4)))
      (if (i32.eq (local.get $lineBytes) (i32.const 4))
        (then
          (call $copyFours
            (local.get $source) (local.get $target) (local.get $steps) (local.get $stepBytes) (local.get $stride)))
        (else
          (local.set $whole (i32.and (local.get $steps) (i32.const -4)))
          (if (local.get $whole)
            (then
              (call $turnFours
                (local.get $source) (local.get $target) (local.get $whole) (local.get $lineBytes)
                (local.get $stride))))
          (if (i32.ne (local.get $whole) (local.get $steps))
            (then
              (call $copyLines
                (i32.add (local.get $source) (i32.shl (local.get $whole) (i32.const 2)))
                (i32.add (local.get $target) (i32.mul (local.get $whole) (local.get $stride)))
                (i32.const 4) (i32.sub (local.get $steps) (local.get $whole))
                (local.get $lineBytes) (local.get $stepBytes) (local.get $stride))))))
      (local.set $source (i32.add (local.get $source) (i32.shl (local.get $lineBytes) (i32.const 2))))
      (local.set $target (i32.add (local.get $target) (i32.const 16)))
      (local.set $lines (i32.sub (local.get $lines) (i32.const 4)))
      (br $fours)))
  (if (local.get $lines)
    (then
      (call $copyLines
        (local.get $source) (local.get $target) (local.get $lines) (local.get $steps)
        (local.get $lineBytes) (local.get $stepBytes) (local.get $stride)))))

;; Packs 4 contiguous lines: one vector per step.
(func $copyFours
  (param $source i32) (param $target i32) (param $steps i32) (param $stepBytes i32) (param $stride i32)
  (loop $step
    (v128.store (local.get $target) (v128.load (local.get $source)))
    (local.set $source (i32.add (local.get $source) (local.get $stepBytes)))
    (local.set $target (i32.add (local.get $target) (local.get $stride)))
    (br_if $step (local.tee $steps (i32.sub (local.get $steps) (i32.const 1))))))

;; Packs 4 lines whose steps are contiguous, 4 steps at a time, by transposing 4 x 4 squares.
(func $turnFours
  (param $source i32) (param $target i32) (param $steps i32) (param $lineBytes i32) (param $stride i32)
  (local $at i32) (local $l0 v128) (local $l1 v128) (local $l2 v128) (local $l3 v128)
  (local $low v128) (local $high v128)
  (loop $square
    (local.set $l0 (v128.load (local.get $source)))
    (local.set $l1 (v128.load (local.tee $at (i32.add (local.get $source) (local.get $lineBytes)))))
    (local.set $l2 (v128.load (local.tee $at (i32.add (local.get $at) (local.get $lineBytes)))))
    (local.set $l3 (v128.load (i32.add (local.get $at) (local.get $lineBytes))))
    (local.set $low (i8x16.shuffle 0 1 2 3 16 17 18 19 4 5 6 7 20 21 22 23 (local.get $l0) (local.get $l1)))
    (local.set $high (i8x16.shuffle 8 9 10 11 24 25 26 27 12 13 14 15 28 29 30 31 (local.get $l0) (local.get $l1)))
    (local.set $l0 (i8x16.shuffle 0 1 2 3 16 17 18 19 4 5 6 7 20 21 22 23 (local.get $l2) (local.get $l3)))
    (local.set $l1 (i8x16.shuffle 8 9 10 11 24 25 26 27 12 13 14 15 28 29 30 31 (local.get $l2) (local.get $l3)))
    (v128.store (local.get $target)
      (i8x16.shuffle 0 1 2 3 4 5 6 7 16 17 18 19 20 21 22 23 (local.get $low) (local.get $l0)))
    (v128.store (local.tee $target (i32.add (local.get $target) (local.get $stride)))
      (i8x16.shuffle 8 9 10 11 12 13 14 15 24 25 26 27 28 29 30 31 (local.get $low) (local.get $l0)))
    (v128.store (local.tee $target (i32.add (local.get $target) (local.get $stride)))
      (i8x16.shuffle 0 1 2 3 4 5 6 7 16 17 18 19 20 21 22 23 (local.get $high) (local.get $l1)))
    (v128.store (local.tee $target (i32.add (local.get $target) (local.get $stride)))
      (i8x16.shuffle 8 9 10 11 12 13 14 15 24 25 26 27 28 29 30 31 (local.get $high) (local.get $l1)))
    (local.set $target (i32.add (local.get $target) (local.get $stride)))
    (local.set $source (i32.add (local.get $source) (i32.const 16)))
    (br_if $square (local.tee $steps (i32.sub (local.get $steps) (i32.const 4))))))

;; Packs any lines, one after the other.
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

;; Stores or adds the part of the edge tile that lies inside C, `rows` x `columns`, value by value.
(func $copyEdge (param $result i32) (param $stride i32) (param $rows i32) (param $columns i32) (param $adds i32)
  (local $from i32) (local $to i32) (local $left i32) (local $row i32)
  (local.set $row (global.get $scratch))
  (loop $nextRow
    (local.set $from (local.get $row))
    (local.set $to (local.get $result))
    (local.set $left (local.get $columns))
    (loop $nextColumn
      (f32.store (local.get $to)
        (if (result f32) (local.get $adds)
          (then (f32.add (f32.load (local.get $to)) (f32.load (local.get $from))))
          (else (f32.load (local.get $from)))))
      (local.set $from (i32.add (local.get $from) (i32.const 4)))
      (local.set $to (i32.add (local.get $to) (i32.const 4)))
      (br_if $nextColumn (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))
    (local.set $row (i32.add (local.get $row) (i32.const 32)))
    (local.set $result (i32.add (local.get $result) (local.get $stride)))
    (br_if $nextRow (local.tee $rows (i32.sub (local.get $rows) (i32.const 1))))))

;; Multiplies `rows` x `depth` by `depth` x `columns` into C, tile by tile. $leftPanel, $rightPanel: bytes between the
;; panels of consecutive tiles, of A and of B. A panel of B stays in the first-level cache while all rows pass by. With
;; $adds, the products are added to C.
(func $block
  (param $left i32) (param $leftPanel i32)
  (param $right i32) (param $rightStep i32) (param $rightPanel i32)
  (param $result i32) (param $stride i32) (param $rows i32) (param $columns i32) (param $depth i32) (param $adds i32)
  (local $from i32) (local $to i32) (local $rest i32) (local $fits i32)
  (loop $nextColumns
    (local.set $from (local.get $left))
    (local.set $to (local.get $result))
    (local.set $rest (local.get $rows))
    (loop $nextRows
      (local.set $fits
        (i32.and
          (i32.ge_s (local.get $rest) (global.get $tileRows))
          (i32.ge_s (local.get $columns) (i32.const 8))))
      (call $tile
        (local.get $from) (local.get $right) (local.get $rightStep)
        (select (local.get $to) (global.get $scratch) (local.get $fits))
        (select (local.get $stride) (i32.const 32) (local.get $fits))
        (local.get $depth)
        (i32.and (local.get $adds) (local.get $fits)))
      (if (i32.eqz (local.get $fits))
        (then
          (call $copyEdge
            (local.get $to) (local.get $stride)
            (select (local.get $rest) (global.get $tileRows) (i32.lt_s (local.get $rest) (global.get $tileRows)))
            (select (local.get $columns) (i32.const 8) (i32.lt_s (local.get $columns) (i32.const 8)))
            (local.get $adds))))
      (local.set $from (i32.add (local.get $from) (local.get $leftPanel)))
      (local.set $to (i32.add (local.get $to) (i32.mul (local.get $stride) (global.get $tileRows))))
      (br_if $nextRows
        (i32.gt_s
          (local.tee $rest (i32.sub (local.get $rest) (global.get $tileRows)))
          (i32.const 0))))
    (local.set $right (i32.add (local.get $right) (local.get $rightPanel)))
    (local.set $result (i32.add (local.get $result) (i32.const 32)))
    (br_if $nextColumns
      (i32.gt_s
        (local.tee $columns (i32.sub (local.get $columns) (i32.const 8)))
        (i32.const 0)))))

;; C = A B, or C += A B with $adds. Strides are in bytes: rows and steps of A, steps and columns of B, rows of C
;; ($stride). All sizes are at least 1. $depthStep: steps per block, at most 256. $packs: true if B is packed, which it
;; must be unless its columns are contiguous.
(func (export "multiply")
  (param $a i32) (param $b i32) (param $c i32)
  (param $rows i32) (param $columns i32) (param $depth i32)
  (param $aRow i32) (param $aStep i32) (param $bStep i32) (param $bColumn i32) (param $stride i32)
  (param $depthStep i32) (param $packs i32) (param $adds i32)
  (local $k i32) (local $row i32) (local $column i32) (local $steps i32) (local $height i32) (local $width i32)
  (local $left i32) (local $right i32) (local $rightStep i32) (local $rightPanel i32)
  (local.set $left (i32.add (global.get $scratch) (global.get $leftPanels)))
  (loop $nextColumns
    (local.set $width (i32.sub (local.get $columns) (local.get $column)))
    (if (i32.gt_s (local.get $width) (global.get $mostColumns)) (then (local.set $width (global.get $mostColumns))))
    (local.set $k (i32.const 0))
    (loop $nextSteps
      (local.set $steps (i32.sub (local.get $depth) (local.get $k)))
      (if (i32.gt_s (local.get $steps) (local.get $depthStep)) (then (local.set $steps (local.get $depthStep))))
      (local.set $right
        (i32.add (local.get $b)
          (i32.add
            (i32.mul (local.get $k) (local.get $bStep))
            (i32.mul (local.get $column) (local.get $bColumn)))))
      (local.set $rightStep (local.get $bStep))
      (local.set $rightPanel (i32.const 32))
      (if (local.get $packs)
        (then
          (local.set $rightPanel (i32.add (global.get $scratch) (global.get $rightPanels)))
          (call $pack
            (local.get $right) (local.get $rightPanel) (local.get $width) (local.get $steps)
            (local.get $bColumn) (local.get $bStep) (i32.const 8))
          (local.set $right (local.get $rightPanel))
          (local.set $rightStep (i32.const 32))
          (local.set $rightPanel (i32.shl (local.get $steps) (i32.const 5)))))
      (local.set $row (i32.const 0))
      (loop $nextRows
        (local.set $height (i32.sub (local.get $rows) (local.get $row)))
        (if (i32.gt_s (local.get $height) (global.get $mostRows)) (then (local.set $height (global.get $mostRows))))
        (call $pack
          (i32.add (local.get $a)
            (i32.add (i32.mul (local.get $row) (local.get $aRow)) (i32.mul (local.get $k) (local.get $aStep))))
          (local.get $left) (local.get $height) (local.get $steps)
          (local.get $aRow) (local.get $aStep) (global.get $tileRows))
        (call $block
          (local.get $left) (i32.mul (i32.shl (global.get $tileRows) (i32.const 2)) (local.get $steps))
          (local.get $right) (local.get $rightStep) (local.get $rightPanel)
          (i32.add (local.get $c)
            (i32.add
              (i32.mul (local.get $row) (local.get $stride))
              (i32.shl (local.get $column) (i32.const 2))))
          (local.get $stride) (local.get $height) (local.get $width) (local.get $steps)
          (i32.or (local.get $adds) (i32.ne (local.get $k) (i32.const 0))))
        (br_if $nextRows
          (i32.lt_s (local.tee $row (i32.add (local.get $row) (local.get $height))) (local.get $rows))))
      (br_if $nextSteps (i32.lt_s (local.tee $k (i32.add (local.get $k) (local.get $steps))) (local.get $depth))))
    (br_if $nextColumns
      (i32.lt_s (local.tee $column (i32.add (local.get $column) (local.get $width))) (local.get $columns)))))
