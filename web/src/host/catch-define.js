// Must be imported before the AMD module that is to be caught.

globalThis.define = (dependencies, factory) => {
  globalThis.define.factory = factory;
};
