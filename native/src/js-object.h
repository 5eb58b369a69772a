#pragma once

#include <nan.h>

#include <initializer_list>
#include <utility>

namespace millrace {

/**
 * A C++ object that belongs to a JavaScript object: deleted, on the main thread, after the garbage collector took that.
 *
 * Invariant: field 0 of the JavaScript object points to this for as long as it can be reached. Methods are only
 * called on objects of the right class, because V8 checks their signature, and the class can't be constructed from
 * JavaScript.
 */
class JsObject {
 public:
  virtual ~JsObject() = default;
  JsObject(const JsObject&) = delete;
  JsObject& operator=(const JsObject&) = delete;

 protected:
  JsObject() = default;

  void Bind(v8::Local<v8::Object> object) {
    object->SetAlignedPointerInInternalField(0, this);
    handle_.Reset(v8::Isolate::GetCurrent(), object);
    handle_.SetWeak(this, Collected, v8::WeakCallbackType::kParameter);
  }

 private:
  // The first pass must not use the engine, so the object is deleted in the second.
  static void Collected(const v8::WeakCallbackInfo<JsObject>& info) {
    info.GetParameter()->handle_.Reset();
    info.SetSecondPassCallback([](const v8::WeakCallbackInfo<JsObject>& second) { delete second.GetParameter(); });
  }

  v8::Global<v8::Object> handle_;
};

/** The JavaScript class of a JsObject. */
class JsClass {
 public:
  using Member = std::pair<const char*, v8::FunctionCallback>;

  JsClass(const char* name, std::initializer_list<Member> methods, std::initializer_list<Member> getters) {
    v8::Isolate* isolate = v8::Isolate::GetCurrent();
    v8::Local<v8::FunctionTemplate> tpl = v8::FunctionTemplate::New(isolate, Refuse);
    tpl->SetClassName(Nan::New(name).ToLocalChecked());
    tpl->InstanceTemplate()->SetInternalFieldCount(1);
    v8::Local<v8::Signature> signature = v8::Signature::New(isolate, tpl);
    for (const Member& method : methods) {
      v8::Local<v8::String> method_name = Nan::New(method.first).ToLocalChecked();
      v8::Local<v8::FunctionTemplate> function =
          v8::FunctionTemplate::New(isolate, method.second, v8::Local<v8::Value>(), signature);
      function->SetClassName(method_name);
      tpl->PrototypeTemplate()->Set(method_name, function);
    }
    for (const Member& getter : getters) {
      tpl->PrototypeTemplate()->SetAccessorProperty(
          Nan::New(getter.first).ToLocalChecked(),
          v8::FunctionTemplate::New(isolate, getter.second, v8::Local<v8::Value>(), signature));
    }
    template_.Reset(isolate, tpl);
  }

  bool IsInstance(v8::Local<v8::Value> value) const { return Template()->HasInstance(value); }

  v8::MaybeLocal<v8::Object> NewInstance() const {
    return Template()->InstanceTemplate()->NewInstance(Nan::GetCurrentContext());
  }

 private:
  static void Refuse(const v8::FunctionCallbackInfo<v8::Value>&) { Nan::ThrowTypeError("Illegal constructor"); }

  v8::Local<v8::FunctionTemplate> Template() const { return template_.Get(v8::Isolate::GetCurrent()); }

  v8::Global<v8::FunctionTemplate> template_;
};

/** The C++ object of a value that JsClass::IsInstance has accepted. */
template <typename T>
T* Unbind(v8::Local<v8::Value> value) {
  return static_cast<T*>(static_cast<JsObject*>(value.As<v8::Object>()->GetAlignedPointerFromInternalField(0)));
}

}  // namespace millrace
