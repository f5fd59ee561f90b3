;; Dot products of every row of one matrix with every row of another: the cosines of two fingers' descriptors.
;; Rows hold 64 float32 (256 bytes), 16-byte aligned. A dot product is four running sums of four lanes, then their sum in a
;; fixed order: without fused multiply-add, so that every machine computes the same bits.
(module
  (import "env" "memory" (memory 1))
  (func (export "dots")
    (param $a i32) (param $aCount i32) (param $b i32) (param $bCount i32) (param $out i32) (param $outStride i32)
    (local $aEnd i32) (local $bEnd i32) (local $row i32) (local $at i32) (local $kEnd i32) (local $p i32) (local $q i32)
    (local $s0 v128) (local $s1 v128) (local $s2 v128) (local $s3 v128)
    (local.set $aEnd (i32.add (local.get $a) (i32.shl (local.get $aCount) (i32.const 8))))
    (local.set $bEnd (i32.add (local.get $b) (i32.shl (local.get $bCount) (i32.const 8))))
    (block $done
      (loop $rows
        (br_if $done (i32.ge_u (local.get $a) (local.get $aEnd)))
        (local.set $at (local.get $out))
        (local.set $row (local.get $b))
        (block $rowDone
          (loop $columns
            (br_if $rowDone (i32.ge_u (local.get $row) (local.get $bEnd)))
            (local.set $s0 (v128.const f32x4 0 0 0 0))
            (local.set $s1 (v128.const f32x4 0 0 0 0))
            (local.set $s2 (v128.const f32x4 0 0 0 0))
            (local.set $s3 (v128.const f32x4 0 0 0 0))
            (local.set $p (local.get $a))
            (local.set $q (local.get $row))
            (local.set $kEnd (i32.add (local.get $row) (i32.const 256)))
            (loop $features
              (local.set $s0 (f32x4.add (local.get $s0)
                (f32x4.mul (v128.load (local.get $p)) (v128.load (local.get $q)))))
              (local.set $s1 (f32x4.add (local.get $s1)
                (f32x4.mul (v128.load offset=16 (local.get $p)) (v128.load offset=16 (local.get $q)))))
              (local.set $s2 (f32x4.add (local.get $s2)
                (f32x4.mul (v128.load offset=32 (local.get $p)) (v128.load offset=32 (local.get $q)))))
              (local.set $s3 (f32x4.add (local.get $s3)
                (f32x4.mul (v128.load offset=48 (local.get $p)) (v128.load offset=48 (local.get $q)))))
              (local.set $p (i32.add (local.get $p) (i32.const 64)))
              (local.set $q (i32.add (local.get $q) (i32.const 64)))
              (br_if $features (i32.lt_u (local.get $q) (local.get $kEnd))))
            (local.set $s0 (f32x4.add (f32x4.add (local.get $s0) (local.get $s1)) (f32x4.add (local.get $s2) (local.get $s3))))
            (f32.store (local.get $at) (f32.add
              (f32.add (f32x4.extract_lane 0 (local.get $s0)) (f32x4.extract_lane 1 (local.get $s0)))
              (f32.add (f32x4.extract_lane 2 (local.get $s0)) (f32x4.extract_lane 3 (local.get $s0)))))
            (local.set $at (i32.add (local.get $at) (i32.const 4)))
            (local.set $row (i32.add (local.get $row) (i32.const 256)))
            (br $columns)))
        (local.set $a (i32.add (local.get $a) (i32.const 256)))
        (local.set $out (i32.add (local.get $out) (local.get $outStride)))
        (br $rows)))))
