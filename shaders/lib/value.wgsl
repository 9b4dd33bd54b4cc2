// The unit in which a kernel over rows reads and writes: four columns where the row length is a
// multiple of four, else one.
#if VEC4
alias Value = vec4<f32>;
#else
alias Value = f32;
#endif
