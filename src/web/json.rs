//! Plain data as JSON text, which browsers turn into objects faster than calls from here can build them. `serde_json` would be
//! 15 kB of the page's first module, most of it for floats: the few that are not whole are printed by the browser.

use std::fmt;

use serde::ser::{self, Serialize};

/// What no data of ours has: bytes, and variants with fields.
#[derive(Debug)]
pub(super) struct Refused;

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no plain data")
    }
}

impl std::error::Error for Refused {}

impl ser::Error for Refused {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }
}

type Done = Result<(), Refused>;

/// A text that grows.
#[derive(Default)]
pub(super) struct Json(String);

/// The text of a value.
pub(super) fn json<T: Serialize + ?Sized>(value: &T) -> Result<String, Refused> {
    let mut json = Json::default();
    value.serialize(&mut json)?;
    Ok(json.0)
}

impl Json {
    #[inline(never)]
    fn quoted(&mut self, text: &str) {
        self.0.push('"');
        for letter in text.chars() {
            match letter {
                '"' | '\\' => {
                    self.0.push('\\');
                    self.0.push(letter);
                }
                '\0'..='\x1f' => {
                    self.0.push_str("\\u00");
                    let half = |half: u8| char::from(if half < 10 { b'0' + half } else { b'a' - 10 + half });
                    self.0.push(half(letter as u8 >> 4));
                    self.0.push(half(letter as u8 & 15));
                }
                _ => self.0.push(letter),
            }
        }
        self.0.push('"');
    }

    #[inline(never)]
    fn key(&mut self, name: &str) {
        self.next();
        self.quoted(name);
        self.0.push(':');
    }

    /// Between one item and the next.
    #[inline(never)]
    fn next(&mut self) {
        if !self.0.ends_with(['{', '[']) {
            self.0.push(',');
        }
    }

    #[inline(never)]
    fn whole(&mut self, mut number: u64, negative: bool) {
        if negative {
            self.0.push('-');
        }
        let mut digits = [0_u8; 20];
        let mut at = digits.len();
        loop {
            at -= 1;
            digits[at] = b'0' + (number % 10) as u8;
            number /= 10;
            if number == 0 {
                break;
            }
        }
        self.0.extend(digits[at..].iter().map(|digit| char::from(*digit)));
    }

    #[inline(never)]
    fn float(&mut self, number: f64) {
        let whole = number as i64;
        if whole as f64 == number && whole.unsigned_abs() < 1 << 53 {
            return self.whole(whole.unsigned_abs(), whole < 0);
        }
        match js_sys::JSON::stringify(&number.into()) {
            Ok(text) => self.0.push_str(&String::from(text)),
            Err(_) => self.0.push_str("null"),
        }
    }

    fn word(&mut self, word: &str) -> Done {
        self.0.push_str(word);
        Ok(())
    }

    fn open(&mut self, begin: char, end: char) -> Items<'_> {
        self.0.push(begin);
        Items { json: self, end }
    }
}

impl<'a> ser::Serializer for &'a mut Json {
    type Ok = ();
    type Error = Refused;
    type SerializeSeq = Items<'a>;
    type SerializeTuple = Items<'a>;
    type SerializeTupleStruct = Items<'a>;
    type SerializeTupleVariant = ser::Impossible<(), Refused>;
    type SerializeMap = Items<'a>;
    type SerializeStruct = Items<'a>;
    type SerializeStructVariant = ser::Impossible<(), Refused>;

    fn serialize_bool(self, v: bool) -> Done {
        self.word(if v { "true" } else { "false" })
    }
    fn serialize_i8(self, v: i8) -> Done {
        self.serialize_i64(v.into())
    }
    fn serialize_i16(self, v: i16) -> Done {
        self.serialize_i64(v.into())
    }
    fn serialize_i32(self, v: i32) -> Done {
        self.serialize_i64(v.into())
    }
    fn serialize_i64(self, v: i64) -> Done {
        self.whole(v.unsigned_abs(), v < 0);
        Ok(())
    }
    fn serialize_u8(self, v: u8) -> Done {
        self.serialize_u64(v.into())
    }
    fn serialize_u16(self, v: u16) -> Done {
        self.serialize_u64(v.into())
    }
    fn serialize_u32(self, v: u32) -> Done {
        self.serialize_u64(v.into())
    }
    fn serialize_u64(self, v: u64) -> Done {
        self.whole(v, false);
        Ok(())
    }
    fn serialize_f32(self, v: f32) -> Done {
        self.serialize_f64(v.into())
    }
    fn serialize_f64(self, v: f64) -> Done {
        self.float(v);
        Ok(())
    }
    fn serialize_char(self, v: char) -> Done {
        self.serialize_str(v.encode_utf8(&mut [0; 4]))
    }
    fn serialize_str(self, v: &str) -> Done {
        self.quoted(v);
        Ok(())
    }
    fn serialize_bytes(self, _: &[u8]) -> Done {
        Err(Refused)
    }
    fn serialize_none(self) -> Done {
        self.word("null")
    }
    fn serialize_some<T: ?Sized + Serialize>(self, v: &T) -> Done {
        v.serialize(self)
    }
    fn serialize_unit(self) -> Done {
        self.word("null")
    }
    fn serialize_unit_struct(self, _: &'static str) -> Done {
        self.word("null")
    }
    fn serialize_unit_variant(self, _: &'static str, _: u32, name: &'static str) -> Done {
        self.serialize_str(name)
    }
    fn serialize_newtype_struct<T: ?Sized + Serialize>(self, _: &'static str, v: &T) -> Done {
        v.serialize(self)
    }
    fn serialize_newtype_variant<T: ?Sized + Serialize>(self, _: &'static str, _: u32, _: &'static str, _: &T) -> Done {
        Err(Refused)
    }
    fn serialize_seq(self, _: Option<usize>) -> Result<Items<'a>, Refused> {
        Ok(self.open('[', ']'))
    }
    fn serialize_tuple(self, length: usize) -> Result<Items<'a>, Refused> {
        self.serialize_seq(Some(length))
    }
    fn serialize_tuple_struct(self, _: &'static str, length: usize) -> Result<Items<'a>, Refused> {
        self.serialize_seq(Some(length))
    }
    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, Refused> {
        Err(Refused)
    }
    fn serialize_map(self, _: Option<usize>) -> Result<Items<'a>, Refused> {
        Ok(self.open('{', '}'))
    }
    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Items<'a>, Refused> {
        Ok(self.open('{', '}'))
    }
    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, Refused> {
        Err(Refused)
    }
}

/// A list or an object that is being written.
pub(super) struct Items<'a> {
    json: &'a mut Json,
    end: char,
}

impl Items<'_> {
    fn item<T: ?Sized + Serialize>(&mut self, v: &T) -> Done {
        self.json.next();
        v.serialize(&mut *self.json)
    }
    fn close(self) -> Done {
        self.json.0.push(self.end);
        Ok(())
    }
}

impl ser::SerializeSeq for Items<'_> {
    type Ok = ();
    type Error = Refused;
    fn serialize_element<T: ?Sized + Serialize>(&mut self, v: &T) -> Done {
        self.item(v)
    }
    fn end(self) -> Done {
        self.close()
    }
}

impl ser::SerializeTuple for Items<'_> {
    type Ok = ();
    type Error = Refused;
    fn serialize_element<T: ?Sized + Serialize>(&mut self, v: &T) -> Done {
        self.item(v)
    }
    fn end(self) -> Done {
        self.close()
    }
}

impl ser::SerializeTupleStruct for Items<'_> {
    type Ok = ();
    type Error = Refused;
    fn serialize_field<T: ?Sized + Serialize>(&mut self, v: &T) -> Done {
        self.item(v)
    }
    fn end(self) -> Done {
        self.close()
    }
}

/// Its keys are words.
impl ser::SerializeMap for Items<'_> {
    type Ok = ();
    type Error = Refused;
    fn serialize_key<T: ?Sized + Serialize>(&mut self, key: &T) -> Done {
        self.item(key)
    }
    fn serialize_value<T: ?Sized + Serialize>(&mut self, v: &T) -> Done {
        self.json.0.push(':');
        v.serialize(&mut *self.json)
    }
    fn end(self) -> Done {
        self.close()
    }
}

impl ser::SerializeStruct for Items<'_> {
    type Ok = ();
    type Error = Refused;
    fn serialize_field<T: ?Sized + Serialize>(&mut self, key: &'static str, v: &T) -> Done {
        self.json.key(key);
        v.serialize(&mut *self.json)
    }
    fn end(self) -> Done {
        self.close()
    }
}
