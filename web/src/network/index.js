// A trained network in the page: read from a file of speechbook/page_model.py, and computed in plain JavaScript.

export { fetchNetwork, isPublished } from "./fetch.js";
export { NetworkError, readNetwork } from "./file.js";
export { FrontEnd } from "./frontend.js";
