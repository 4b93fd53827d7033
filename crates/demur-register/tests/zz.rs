mod common;
use common::*;
use demur_core::purpose::sample;
#[test]
fn dbg() {
    let mut register = in_memory();
    let mut other = sample();
    other.id = "other".into();
    register.record_purpose(&other, minute(1)).unwrap();
    println!("{:?} {:?}", register.size(), register.root());
    let elsewhere = demur_register::NewObjection { purpose: "other".into(), ..objection(1, minute(1)) };
    register.submit(elsewhere, minute(1)).unwrap();
    println!("{:?} {:?}", register.size(), register.root());
    for _ in 0..2 { let s = register.purpose_state(PURPOSE, None).unwrap(); println!("{} {:?}", s.size, s.root);
    let s = register.purpose_state(PURPOSE, Some(s.size)).unwrap(); println!("{} {:?}", s.size, s.root);}
}
