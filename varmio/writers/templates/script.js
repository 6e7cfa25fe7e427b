(function(){"use strict";
var d=document,all=function(q){return [].slice.call(d.querySelectorAll(q))};
var button=function(words,act){var b=d.createElement("button");b.type="button";b.textContent=words;b.addEventListener("click",function(){act(b)});return b};
if(navigator.clipboard)all("code.copy").forEach(function(c){
var b=button("Copy",function(){var say=function(words){b.textContent=words;setTimeout(function(){b.textContent="Copy"},1500)};
navigator.clipboard.writeText(c.textContent).then(function(){say("Copied")},function(){getSelection().selectAllChildren(c);say("Selected")})});
b.setAttribute("aria-label","Copy "+c.textContent);c.after(" ",b)});
var fold=function(open){all("details").forEach(function(x){x.open=open})},t=d.querySelector(".tools"),shown=false;
if(t)t.append(button("Open all details",function(b){shown=!shown;fold(shown);b.textContent=shown?"Close all details":"Open all details"}));
addEventListener("beforeprint",function(){fold(true)});
})();
