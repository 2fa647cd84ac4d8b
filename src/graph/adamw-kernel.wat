;; The two loops of AdamW over float32 arrays of the module's own memory, four elements at a time. Addresses are in
;; bytes, multiples of 16; counts are in elements, multiples of 4. Compiled by scripts/build-adamw-kernel.ts.
(module
  (import "host" "memory" (memory 0))

  ;; Sum of squares, in float64.
  (func (export "squares") (param $at i32) (param $count i32) (result f64)
    (local $end i32) (local $x v128) (local $low v128) (local $high v128) (local $even v128) (local $odd v128)
    (local.set $end (i32.add (local.get $at) (i32.shl (local.get $count) (i32.const 2))))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $at) (local.get $end)))
        (local.set $x (v128.load (local.get $at)))
        (local.set $low (f64x2.promote_low_f32x4 (local.get $x)))
        (local.set $high
          (f64x2.promote_low_f32x4
            (i8x16.shuffle 8 9 10 11 12 13 14 15 0 1 2 3 4 5 6 7 (local.get $x) (local.get $x))))
        (local.set $even (f64x2.add (local.get $even) (f64x2.mul (local.get $low) (local.get $low))))
        (local.set $odd (f64x2.add (local.get $odd) (f64x2.mul (local.get $high) (local.get $high))))
        (local.set $at (i32.add (local.get $at) (i32.const 16)))
        (br $next)))
    (local.set $even (f64x2.add (local.get $even) (local.get $odd)))
    (f64.add (f64x2.extract_lane 0 (local.get $even)) (f64x2.extract_lane 1 (local.get $even))))

  ;; mean := beta1 mean + rest1 g; square := beta2 square + rest2 g g, with g = scale gradient;
  ;; parameter := keep parameter - size mean / (correction sqrt(square) + epsilon).
  (func (export "update")
    (param $parameter i32) (param $mean i32) (param $square i32) (param $gradient i32) (param $count i32)
    (param $scale f32) (param $beta1 f32) (param $rest1 f32) (param $beta2 f32) (param $rest2 f32)
    (param $size f32) (param $correction f32) (param $epsilon f32) (param $keep f32)
    (local $end i32) (local $g v128) (local $m v128) (local $v v128)
    (local.set $end (i32.add (local.get $parameter) (i32.shl (local.get $count) (i32.const 2))))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $parameter) (local.get $end)))
        (local.set $g (f32x4.mul (v128.load (local.get $gradient)) (f32x4.splat (local.get $scale))))
        (local.set $m
          (f32x4.add
            (f32x4.mul (v128.load (local.get $mean)) (f32x4.splat (local.get $beta1)))
            (f32x4.mul (local.get $g) (f32x4.splat (local.get $rest1)))))
        (local.set $v
          (f32x4.add
            (f32x4.mul (v128.load (local.get $square)) (f32x4.splat (local.get $beta2)))
            (f32x4.mul (f32x4.mul (local.get $g) (local.get $g)) (f32x4.splat (local.get $rest2)))))
        (v128.store (local.get $mean) (local.get $m))
        (v128.store (local.get $square) (local.get $v))
        (v128.store (local.get $parameter)
          (f32x4.sub
            (f32x4.mul (v128.load (local.get $parameter)) (f32x4.splat (local.get $keep)))
            (f32x4.div
              (f32x4.mul (local.get $m) (f32x4.splat (local.get $size)))
              (f32x4.add
                (f32x4.mul (f32x4.sqrt (local.get $v)) (f32x4.splat (local.get $correction)))
                (f32x4.splat (local.get $epsilon))))))
        (local.set $parameter (i32.add (local.get $parameter) (i32.const 16)))
        (local.set $mean (i32.add (local.get $mean) (i32.const 16)))
        (local.set $square (i32.add (local.get $square) (i32.const 16)))
        (local.set $gradient (i32.add (local.get $gradient) (i32.const 16)))
        (br $next)))))
