;; One tile of C, 4 rows x 8 columns, by separate multiplications and additions.
;;
;; Registers: the tile in 8 vectors, $c<row><half>, throughout the loop; a step of B in $b0 and $b1; one value of A in
;; all lanes of $a; and a product before its addition. That makes 12 of the 16 registers of x86-64.
;;
;; $left: a panel of A. $right: 8 columns of B, $rightStep bytes per step. $result: the tile's first element. $stride:
;; bytes between rows of C. $depth: number of steps, at least 1. $adds: true if the tile is added to C.

(global $tileRows (export "tileRows") i32 (i32.const 4))

(func $tile
  (param $left i32) (param $right i32) (param $rightStep i32)
  (param $result i32) (param $stride i32) (param $depth i32) (param $adds i32)
  (local $row i32) (local $a v128) (local $b0 v128) (local $b1 v128)
  (local $c00 v128) (local $c01 v128)
  (local $c10 v128) (local $c11 v128)
  (local $c20 v128) (local $c21 v128)
  (local $c30 v128) (local $c31 v128)
  (loop $step
    (local.set $b0 (v128.load (local.get $right)))
    (local.set $b1 (v128.load offset=16 (local.get $right)))

    (local.set $a (v128.load32_splat (local.get $left)))
    (local.set $c00 (f32x4.add (local.get $c00) (f32x4.mul (local.get $a) (local.get $b0))))
    (local.set $c01 (f32x4.add (local.get $c01) (f32x4.mul (local.get $a) (local.get $b1))))

    (local.set $a (v128.load32_splat offset=4 (local.get $left)))
    (local.set $c10 (f32x4.add (local.get $c10) (f32x4.mul (local.get $a) (local.get $b0))))
    (local.set $c11 (f32x4.add (local.get $c11) (f32x4.mul (local.get $a) (local.get $b1))))

    (local.set $a (v128.load32_splat offset=8 (local.get $left)))
    (local.set $c20 (f32x4.add (local.get $c20) (f32x4.mul (local.get $a) (local.get $b0))))
    (local.set $c21 (f32x4.add (local.get $c21) (f32x4.mul (local.get $a) (local.get $b1))))

    (local.set $a (v128.load32_splat offset=12 (local.get $left)))
    (local.set $c30 (f32x4.add (local.get $c30) (f32x4.mul (local.get $a) (local.get $b0))))
    (local.set $c31 (f32x4.add (local.get $c31) (f32x4.mul (local.get $a) (local.get $b1))))

    (local.set $left (i32.add (local.get $left) (i32.const 16)))
    (local.set $right (i32.add (local.get $right) (local.get $rightStep)))
    (br_if $step (local.tee $depth (i32.sub (local.get $depth) (i32.const 1)))))

  ;; Sums this depth separately before adding C, which loses less precision in long sums.
  (if (local.get $adds)
    (then
      (local.set $row (local.get $result))
      (local.set $c00 (f32x4.add (v128.load (local.get $row)) (local.get $c00)))
      (local.set $c01 (f32x4.add (v128.load offset=16 (local.get $row)) (local.get $c01)))
      (local.set $row (i32.add (local.get $row) (local.get $stride)))
      (local.set $c10 (f32x4.add (v128.load (local.get $row)) (local.get $c10)))
      (local.set $c11 (f32x4.add (v128.load offset=16 (local.get $row)) (local.get $c11)))
      (local.set $row (i32.add (local.get $row) (local.get $stride)))
      (local.set $c20 (f32x4.add (v128.load (local.get $row)) (local.get $c20)))
      (local.set $c21 (f32x4.add (v128.load offset=16 (local.get $row)) (local.get $c21)))
      (local.set $row (i32.add (local.get $row) (local.get $stride)))
      (local.set $c30 (f32x4.add (v128.load (local.get $row)) (local.get $c30)))
      (local.set $c31 (f32x4.add (v128.load offset=16 (local.get $row)) (local.get $c31)))))

  (v128.store (local.get $result) (local.get $c00))
  (v128.store offset=16 (local.get $result) (local.get $c01))
  (local.set $result (i32.add (local.get $result) (local.get $stride)))

  (v128.store (local.get $result) (local.get $c10))
  (v128.store offset=16 (local.get $result) (local.get $c11))
  (local.set $result (i32.add (local.get $result) (local.get $stride)))

  (v128.store (local.get $result) (local.get $c20))
  (v128.store offset=16 (local.get $result) (local.get $c21))
  (local.set $result (i32.add (local.get $result) (local.get $stride)))

  (v128.store (local.get $result) (local.get $c30))
  (v128.store offset=16 (local.get $result) (local.get $c31)))
