// The dialogs of GraphiQL make a style element each, with this nonce.
window.__webpack_nonce__ = document.currentScript.nonce;
